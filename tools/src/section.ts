/**
 * Returns a Markdown document with the new content of a generated section, which is between `<!-- name -->` and `<!-- /name -->`.
 * Prettier leaves the content as it is.
 * @throws Error if the document does not contain the markers
 */
export function withSection(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) {
    throw new Error(`the document must contain the markers ${begin.trim()} and ${end} of a generated section`);
  }
  const ignored = `<!-- prettier-ignore-start -->\n${content}\n<!-- prettier-ignore-end -->\n`;
  return document.slice(0, from + begin.length) + ignored + document.slice(to);
}
