// https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/#git
import { ROOT_APPLICATION } from '@org/ollama-eks/pure';
import { rootRelease } from '../argo/application';
import { fail, ok, skipped, warn, type Check, type Outcome } from '../checks/findings';
import type { Context } from '../program/context';
import { NOT_FOUND, ToolError } from '../program/tool-error';
import { getValue } from '../program/value-path';
import { parseYaml } from '../program/yaml-text';
import type { Project } from '../project/project';

/** Repository of the examples, which nobody can push to. */
const PLACEHOLDER = 'https://github.com/org/';

/** Exit code of Git outside a repository. */
const NO_REPOSITORY = 128;

/** Asks for no password, neither in the terminal nor in a window: a private repository must end in an error. */
const ENVIRONMENT = { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' };

/** Seconds for an answer. Git itself waits for minutes if packets are dropped. */
const DEADLINE = 20;

/** A full commit ID, SHA-1 or SHA-256. */
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** A warning of Git or SSH that precedes the error. */
const WARNING = /^(\*\* |warning: )/i;

/** Source of the root Application. */
interface Source {
  readonly repository: string;
  readonly revision: string;
}

/** Returns the checks of Git: that it does not track secrets, and that Argo CD will find its revision. */
export function gitChecks(context: Pick<Context, 'runner'>, project: Project): readonly Check[] {
  return [
    { id: 'env-untracked', title: 'Git does not track .env', run: withGit(() => envUntracked(context, project)) },
    { id: 'git-revision', title: 'the repository has the revision', run: withGit(() => revision(context, project)) },
  ];
}

/** A deployment does not need Git itself. */
function withGit(run: Check['run']): Check['run'] {
  return () =>
    run().catch((error: unknown) => {
      if (error instanceof ToolError && error.status === NOT_FOUND) return skipped(error.problem);
      throw error;
    });
}

async function envUntracked({ runner }: Pick<Context, 'runner'>, { directory }: Project): Promise<Outcome> {
  const { exitCode } = await runner.run('git', ['-C', directory, 'ls-files', '--error-unmatch', '.env'], {
    ok: [0, 1, NO_REPOSITORY],
  });
  if (exitCode === NO_REPOSITORY) return skipped(`${directory} is not in a Git repository`);
  if (exitCode === 1) return ok('.env is not tracked');
  return fail(
    'Git tracks .env, which contains secrets',
    'git rm --cached .env, add it to .gitignore, and replace its secrets',
  );
}

async function revision({ runner }: Pick<Context, 'runner'>, project: Project): Promise<Outcome> {
  const source = sourceOf(project);
  if (source === undefined) return skipped('not delivered from Git');
  const { repository, revision: name } = source;
  if (repository.startsWith(PLACEHOLDER)) {
    return fail(
      `${repository} is a placeholder`,
      'set the repository that Argo CD reads, for an example with GITOPS_REPOSITORY, and synthesize again; or deliver with Helm',
    );
  }
  const options = { env: ENVIRONMENT, signal: AbortSignal.timeout(DEADLINE * 1000) };
  try {
    const { stdout } = await runner.run('git', ['ls-remote', '--quiet', '--', repository, name], options);
    if (lists(stdout, name)) return ok(`${repository} has ${name}`);
    if (COMMIT.test(name)) return skipped(`Git lists no commits of ${repository}, only tags and branches`);
    return fail(`${repository} has no tag or branch ${name}`, 'ollama-eks render, commit, tag, and push');
  } catch (error) {
    if (!(error instanceof ToolError) || error.status === NOT_FOUND) throw error;
    const reason = options.signal.aborted ? `no answer within ${String(DEADLINE)} s` : reasonOf(error);
    return warn(
      `${repository} cannot be read from here: ${reason}`,
      'if it is private, Argo CD needs credentials: set repositorySecret of ArgoCdDelivery',
    );
  }
}

/** Whether references contain a tag or a branch. Git also lists those that end in its name: `fix/v1.4.0` for `v1.4.0`. */
function lists(references: string, name: string): boolean {
  const names = references.split('\n').map((line) => line.split('\t')[1]);
  return names.includes(`refs/tags/${name}`) || names.includes(`refs/heads/${name}`);
}

function reasonOf({ stderr, status }: ToolError): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !WARNING.test(line));
  return lines[0] ?? `Git ended with exit code ${String(status)}`;
}

/** Finds the source of the root Application in the values of its Helm release; undefined without Argo CD. */
function sourceOf(project: Project): Source | undefined {
  const { values } = rootRelease(project) ?? {};
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const text = values.map(String).join('\n');
  const source = getValue(parseYaml(`values of ${ROOT_APPLICATION}`, text), [
    'applications',
    ROOT_APPLICATION,
    'source',
  ]);
  const [repository, revision] = [getValue(source, ['repoURL']), getValue(source, ['targetRevision'])];
  return typeof repository === 'string' && typeof revision === 'string' ? { repository, revision } : undefined;
}
