import { createInterface } from 'node:readline/promises';
import type { GlobalFlags } from './context';
import { UsageError } from './errors';
import { isStructuredFailure } from './exit-codes';
import type { Question } from './question';
import type { Streams } from './reporter';

/** Terminal of the user. */
export interface Terminal {
  readonly streams: Streams & { readonly in: NodeJS.ReadableStream & { readonly isTTY?: boolean } };
  readonly signal: AbortSignal;
}

/** Asks a yes-or-no question. Throws UsageError if stdin is not a terminal and `--yes` is not passed. */
export async function confirm(question: string, { yes }: GlobalFlags, terminal: Terminal): Promise<boolean> {
  if (yes) return true;
  if (terminal.streams.in.isTTY !== true) {
    throw new UsageError(`${question} stdin is not a terminal`, { remedy: 'pass --yes' });
  }
  return /^y(es)?$/i.test(await answer(`${question} [y/N] `, terminal));
}

/**
 * Asks a question until the answer is valid. Parses the preset if stdin is not a terminal or `--yes` is passed.
 * Throws what `parse` throws for a preset, and UsageError if stdin ends.
 */
export async function ask<Answer>(
  { text, preset, parse, help, consequence }: Question<Answer>,
  { yes }: GlobalFlags,
  terminal: Terminal,
): Promise<Answer> {
  if (yes || terminal.streams.in.isTTY !== true) return parse(preset);
  const write = (words: string) => terminal.streams.err.write(`${words.replaceAll(/^(?=.)/gm, '  ')}\n`);
  for (;;) {
    const given = await answer(preset === '' ? `${text} ` : `${text} [${preset}] `, terminal);
    if (given === '?') {
      write(help());
      continue;
    }
    try {
      const value = parse(given === '' ? preset : given);
      if (consequence !== undefined) write(consequence(value));
      return value;
    } catch (error) {
      if (!isStructuredFailure(error)) throw error;
      write(error.message);
    }
  }
}

async function answer(question: string, { streams, signal }: Terminal): Promise<string> {
  streams.err.write(question);
  const lines = createInterface({ input: streams.in });
  const ended = new Promise<never>((_, reject) => {
    // a last line is reported before the end of the input, but a promise resolves later
    const end = new UsageError('the terminal was closed before an answer', { remedy: 'run the command again' });
    lines.once('close', () => setImmediate(reject, end));
  });
  try {
    return (await Promise.race([lines.question('', { signal }), ended])).trim();
  } finally {
    lines.close();
  }
}
