/** Parses JSON that is not trusted; undefined if it is not valid. The caller reports that in its own words, without the text. */
export function parse<Type>(text: string): Type | undefined {
  try {
    return JSON.parse(text) as Type;
  } catch {
    return undefined;
  }
}
