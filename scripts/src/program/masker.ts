/** Replaces secrets in whatever is about to be shown. Values are learned, not guessed: whoever reads a secret registers it. */
export class Masker {
  readonly #secrets = new Set<string>();

  /** From now on, shows `***` in place of this value. Values under 6 characters are refused: they would mask ordinary text. */
  public add(secret: string): string {
    if (secret.length < 6) {
      throw new RangeError('a secret of fewer than 6 characters can not be masked');
    }
    this.#secrets.add(secret);
    return secret;
  }

  /** The text without secrets, also where they stand as base64 or URL-encoded. */
  public mask(text: string): string {
    let masked = text;
    for (const secret of this.#secrets) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
        masked = masked.replaceAll(form, '***');
      }
    }
    return masked;
  }
}
