/** A terminal, and how wide it is. */
export interface LiveTerminal {
  write(text: string): unknown;
  readonly columns?: number | undefined;
}

/** Text of a line. */
interface LiveLine {
  readonly start: string;
  readonly end: string;
}

/** Columns of a terminal that does not report its width, or reports 0, as one of a container may. */
const COLUMNS = 80;

/** Lines at the end of a terminal that are replaced in place, each under a name. Other text is written above them. */
export class LiveLines {
  readonly #lines = new Map<string, LiveLine>();
  #drawn = 0;
  /** Questions that are open. While the user is asked, nothing is written. */
  #questions = 0;
  #held = '';

  public constructor(private readonly terminal: LiveTerminal) {}

  /** Shows a line, instead of the earlier one of the same name. On a narrow terminal, its end is kept, and what precedes it is cut. */
  public set(name: string, start: string, end: string): void {
    this.#lines.set(name, { start, end });
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

/** A line that would wrap is cut, since a wrapped line cannot be replaced: before its end, if that fits. */
function fitted({ start, end }: LiveLine, width: number): string {
  const space = width - Array.from(end).length;
  return space > 0 ? cut(start, space) + end : cut(start + end, width);
}

function cut(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, Math.max(width - 1, 0)).join('')}…`;
}
