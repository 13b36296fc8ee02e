import { createInterface } from 'node:readline/promises';
import type { GlobalFlags } from './context';
import { UsageError } from './errors';
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

/** Asks for a value. Returns the preset if stdin is not a terminal or `--yes` is passed. */
export async function ask(question: string, preset: string, { yes }: GlobalFlags, terminal: Terminal): Promise<string> {
  if (yes || terminal.streams.in.isTTY !== true) return preset;
  const given = await answer(`${question} [${preset}] `, terminal);
  return given === '' ? preset : given;
}

async function answer(question: string, { streams, signal }: Terminal): Promise<string> {
  streams.err.write(question);
  const lines = createInterface({ input: streams.in });
  try {
    return (await lines.question('', { signal })).trim();
  } finally {
    lines.close();
  }
}
