/** Words that a shell reads as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** Joins words to a command line that a POSIX shell splits into the same words. */
export function shellLine(...words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
