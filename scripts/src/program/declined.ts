import type { Context } from './context';
import { print } from './output';

/** Reports that the user declined: a note, and with `--json` also a result. */
export function reportDeclined(context: Pick<Context, 'flags' | 'streams' | 'masker' | 'reporter'>): void {
  const text = 'nothing was changed';
  context.reporter.note(text);
  if (context.flags.json) print(context, { changed: false }, () => text);
}
