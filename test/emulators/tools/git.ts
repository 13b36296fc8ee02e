import { answer, failure, type ToolAnswer, type ToolCall, type ToolState } from './state';

/** Git, limited to what a project tracks and to the references of other repositories. */
export function git({ git: { tracked, refs } }: ToolState, { args }: ToolCall): ToolAnswer {
  const file = args.at(-1) ?? '';
  if (args.includes('ls-files')) {
    if (tracked === undefined) return failure('fatal: not a git repository', 128);
    return tracked.includes(file) ? answer(file) : failure(`error: pathspec '${file}' did not match any file(s)`);
  }
  const [repository = '', name = ''] = args.slice(args.indexOf('--') + 1);
  const known = refs[repository];
  if (known === undefined) return failure('fatal: could not read Username: terminal prompts disabled', 128);
  const found = known.filter((ref) => ref.endsWith(`/${name}`));
  return answer(found.map((ref) => `${'0'.repeat(40)}\t${ref}\n`).join(''));
}
