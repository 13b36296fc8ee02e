/** Replaces secrets in text before it is shown. Secrets are registered by the code that reads them, never guessed. */
export class Masker {
  readonly #secrets = new Set<string>();

  /** Registers a secret, which is shown as `***` from now on. Refuses values under 6 characters because they would mask ordinary text. */
  public add(secret: string): string {
    if (secret.length < 6) {
      throw new RangeError('a secret must have at least 6 characters to be masked');
    }
    this.#secrets.add(secret);
    return secret;
  }

  /** Returns the text without secrets, including their base64 and URL-encoded forms. */
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
