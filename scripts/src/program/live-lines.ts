/** A terminal, and how wide it is. */
export interface LiveTerminal {
  write(text: string): unknown;
  readonly columns?: number | undefined;
}

/** Columns of a terminal that does not report its width, or reports 0, as one of a container may. */
const COLUMNS = 80;

/** Lines at the end of a terminal that are replaced in place, each under a name. Other text is written above them. */
export class LiveLines {
  readonly #lines = new Map<string, string>();
  #drawn = 0;
  /** Questions that are open. While the user is asked, nothing is written. */
  #questions = 0;
  #held = '';

  public constructor(private readonly terminal: LiveTerminal) {}

  /** Shows a line, instead of the earlier one of the same name. */
  public set(name: string, line: string): void {
    this.#lines.set(name, line);
    this.write('');
  }

  public remove(name: string): void {
    if (this.#lines.delete(name)) this.write('');
  }

  /** Writes text above the lines, everything at once, so that nothing flickers. */
  public write(text: string): void {
    if (this.#questions > 0) {
      this.#held += text;
      return;
    }
    const { columns = 0 } = this.terminal;
    const width = (columns > 0 ? columns : COLUMNS) - 1; // a full line would wrap in some terminals
    const lines = [...this.#lines.values()].map((line) => `${fitted(line, width)}\n`);
    this.terminal.write(this.eraser() + text + lines.join(''));
    this.#drawn = lines.length;
  }

  /** Removes the lines while the user is asked, and then writes what there was to write meanwhile. */
  public async hold<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#drawn > 0) this.terminal.write(this.eraser());
    this.#drawn = 0;
    this.#questions += 1;
    try {
      return await ask();
    } finally {
      this.#questions -= 1;
      const held = this.#held;
      this.#held = '';
      this.write(held);
    }
  }

  private eraser(): string {
    return this.#drawn === 0 ? '' : `\u001b[${String(this.#drawn)}A\u001b[J`;
  }
}

/** Cuts a line that would wrap, since a wrapped line cannot be replaced. */
function fitted(line: string, width: number): string {
  const characters = Array.from(line);
  return characters.length <= width ? line : `${characters.slice(0, Math.max(width - 1, 0)).join('')}…`;
}
