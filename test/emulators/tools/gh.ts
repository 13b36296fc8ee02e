import { answer, failure, option, type ToolAnswer, type ToolCall, type ToolState } from './state';

/** The GitHub CLI, limited to environments, variables, secrets and workflows. */
export function gh({ github }: ToolState, { args, input }: ToolCall): ToolAnswer {
  const [noun, verb, name = ''] = args;
  if (noun === '--version') return answer('gh version 2.83.0 (2026-01-01)');
  if (noun === 'repo') return answer({ nameWithOwner: 'acme/platform', defaultBranchRef: { name: 'main' } });
  if (noun === 'api') {
    github.environments.push(args.at(-2)?.split('/').at(-1) ?? '');
    return answer(undefined);
  }
  if (noun === 'workflow') {
    github.runs += 1;
    return answer(undefined);
  }
  const environment = option(args, '--env');
  if (environment === undefined || !github.environments.includes(environment)) {
    return verb === 'list'
      ? failure('HTTP 404: Not Found')
      : failure(`HTTP 404: environment ${String(environment)} not found`);
  }
  if (noun === 'variable' && verb === 'list') {
    return answer(Object.entries(github.variables).map(([key, value]) => ({ name: key, value })));
  }
  if (input === undefined) return failure('a value is read from standard input');
  if (noun === 'variable') github.variables[name] = input;
  else github.secrets[name] = input.length;
  return answer(undefined);
}
