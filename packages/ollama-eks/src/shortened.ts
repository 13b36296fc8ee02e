import { Fn, Token } from './framework';

/** Returns the first characters of a text, which Terraform shortens if it is known only at apply. */
export function shortened(text: string, length: number): string {
  return Token.isUnresolved(text) ? Token.asString(Fn.substr(text, 0, length)) : text.slice(0, length);
}
