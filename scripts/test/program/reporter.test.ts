import { stripVTControlCharacters } from 'node:util';
import { LiveLines } from '../../src/program/live-lines';
import { Masker } from '../../src/program/masker';
import { Reporter } from '../../src/program/reporter';

const ESCAPE = String.fromCharCode(27);
/** The cursor up by some rows; erase from there; colors and text. */
const SEQUENCES = new RegExp(`${ESCAPE}\\[(\\d+)A|(${ESCAPE}\\[J)|((?:(?!${ESCAPE}\\[\\d*[AJ])[^])+)`, 'g');

/** Screen of a terminal that understands the two sequences that the live lines use. */
class Screen {
  public readonly isTTY = true;
  public columns: number | undefined = 80;
  public rows: string[] = [''];
  #cursor = 0;

  public write(text: string): boolean {
    for (const [, up, erase, rest] of text.matchAll(SEQUENCES)) {
      if (up !== undefined) this.#cursor = this.rows.length - 1 - Number(up);
      else if (erase !== undefined) this.rows = [...this.rows.slice(0, this.#cursor), ''];
      else if (rest !== undefined)
        this.rows = [...this.rows.slice(0, -1), ...`${this.rows.at(-1) ?? ''}${rest}`.split('\n')];
    }
    return true;
  }
}

const wait = (step: string, elapsedSeconds: number, waitsFor = 'initializing') => ({
  step,
  elapsedSeconds,
  expectedSeconds: 1200,
  waitsFor,
});

describe('on a terminal', () => {
  const open = () => {
    const screen = new Screen();
    const masker = new Masker();
    return { screen, masker, reporter: new Reporter({ out: screen, err: screen }, masker) };
  };
  const plain = (rows: readonly string[]) => rows.map((row) => stripVTControlCharacters(row));

  test('each wait is one line that is replaced, below everything else, until it ends', () => {
    const { screen, reporter } = open();
    reporter.waiting(wait('network', 30));
    reporter.waiting(wait('infra', 5, '1 of 82 created, waiting for aws_vpc'));
    reporter.note('wrote a file');
    reporter.waiting(wait('network', 730));
    expect(plain(screen.rows)).toEqual([
      'wrote a file',
      'wait   network: initializing, 12:10 of about 20:00',
      'wait   infra: 1 of 82 created, waiting for aws_vpc, 0:05 of about 20:00',
      '',
    ]);
    reporter.waited('network');
    reporter.waited('infra');
    reporter.finished('infra', 'applied');
    expect(plain(screen.rows)).toEqual(['wrote a file', 'done   infra: applied', '']);
  });

  test.each([20, 80, 100, 200])('no line is wider than a terminal with %i columns', (columns) => {
    const { screen, reporter } = open();
    screen.columns = columns;
    reporter.waiting(wait('infra', 5, 'x'.repeat(300)));
    expect(screen.rows[0]).toHaveLength(columns - 1);
    expect(screen.rows[0]).toMatch(columns < 40 ? /…$/ : /^wait {3}infra: x+…, 0:05 of about 20:00$/);
  });

  test.each([undefined, 0])('a terminal that reports a width of %s is as wide as most', (columns) => {
    const { screen, reporter } = open();
    screen.columns = columns;
    reporter.waiting(wait('infra', 5, 'x'.repeat(300)));
    expect(screen.rows[0]).toHaveLength(79);
  });

  test('a question is not overwritten, and nothing that happens meanwhile is lost', async () => {
    const { screen, reporter } = open();
    reporter.waiting(wait('network', 30));
    await reporter.hold(async () => {
      screen.write('Delete? [y/N] ');
      reporter.waiting(wait('network', 60));
      reporter.warn('still waiting');
      await Promise.resolve();
      expect(plain(screen.rows)).toEqual(['Delete? [y/N] ']);
      screen.write('y\n');
    });
    expect(plain(screen.rows)).toEqual([
      'Delete? [y/N] y',
      'warn   still waiting',
      'wait   network: initializing, 1:00 of about 20:00',
      '',
    ]);
  });

  test('a question that fails does not silence what follows', async () => {
    const screen = new Screen();
    const lines = new LiveLines(screen);
    await expect(lines.hold(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    lines.write('after\n');
    expect(screen.rows).toEqual(['after', '']);
  });

  test('secrets are masked', () => {
    const { screen, masker, reporter } = open();
    masker.add('sentinel-5e1f-secret');
    reporter.waiting(wait('infra', 5, 'sentinel-5e1f-secret'));
    expect(screen.rows.join('')).not.toContain('sentinel');
  });
});

describe('elsewhere', () => {
  const open = () => {
    const lines: string[] = [];
    const stream = { write: (text: string) => lines.push(text) };
    return { lines, reporter: new Reporter({ out: stream, err: stream }, new Masker()) };
  };

  test('a wait of 40 minutes is a line a minute, whatever its state', () => {
    const { lines, reporter } = open();
    for (let seconds = 0; seconds <= 2400; seconds += 10)
      reporter.waiting(wait('network', seconds, `state ${String(seconds)}`));
    expect(lines).toHaveLength(41);
    expect(lines.at(-1)).toBe('wait   network: state 2400, 40:00, usually about 20:00\n');
    expect(lines.join('')).not.toContain('\u001b');
  });

  test('two waits do not silence each other, and a new wait of the same name is reported at once', () => {
    const { lines, reporter } = open();
    reporter.waiting(wait('a', 0));
    reporter.waiting(wait('b', 0));
    reporter.waited('a');
    reporter.waiting(wait('a', 5));
    expect(lines).toHaveLength(3);
  });

  test('a late wait is not presented as if its time still held', () => {
    const { lines, reporter } = open();
    reporter.waiting({ ...wait('infra', 2385), expectedSeconds: 300 });
    expect(lines).toEqual(['wait   infra: initializing, 39:45, usually about 5:00\n']);
  });
});
