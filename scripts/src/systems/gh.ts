// https://cli.github.com/manual/
import type { Context } from '../program/context';
import { parseJsonObject } from './json';

/** Client for the GitHub CLI in the directory of a repository, with one method per command that is used. */
export class Gh {
  public constructor(
    private readonly context: Pick<Context, 'runner'>,
    private readonly directory: string,
  ) {}

  /** Returns the repository as `owner/name`, and its default branch. */
  public async repository(): Promise<{ readonly nameWithOwner: string; readonly defaultBranch: string }> {
    const { nameWithOwner, defaultBranchRef } = await this.json<{
      nameWithOwner: string;
      defaultBranchRef: { name: string };
    }>(['repo', 'view', '--json', 'nameWithOwner,defaultBranchRef']);
    return { nameWithOwner, defaultBranch: defaultBranchRef.name };
  }

  /** Creates a deployment environment unless it exists. */
  public async ensureEnvironment(repository: string, name: string): Promise<void> {
    await this.run(['api', '--method', 'PUT', `repos/${repository}/environments/${name}`, '--silent']);
  }

  /** Returns the variables of an environment. */
  public async variables(environment: string): Promise<Readonly<Record<string, string>>> {
    const listed = await this.json<readonly { name: string; value: string }[]>([
      'variable',
      'list',
      '--env',
      environment,
      '--json',
      'name,value',
    ]);
    return Object.fromEntries(listed.map(({ name, value }) => [name, value]));
  }

  /** Sets a variable of an environment. Passes the value on standard input because it may contain line breaks. */
  public async setVariable(environment: string, name: string, value: string): Promise<void> {
    await this.run(['variable', 'set', name, '--env', environment], value);
  }

  /** Sets a secret of an environment. Passes the value on standard input because the process list shows arguments. */
  public async setSecret(environment: string, name: string, value: string): Promise<void> {
    await this.run(['secret', 'set', name, '--env', environment], value);
  }

  public async runWorkflow(file: string, branch: string): Promise<void> {
    await this.run(['workflow', 'run', file, '--ref', branch]);
  }

  private async json<Result extends object>(args: readonly string[]): Promise<Result> {
    return parseJsonObject<Result>('gh', await this.run(args));
  }

  private async run(args: readonly string[], input?: string): Promise<string> {
    const { stdout } = await this.context.runner.run('gh', args, {
      cwd: this.directory,
      env: { GH_PROMPT_DISABLED: '1' },
      ...(input === undefined ? {} : { input }),
    });
    return stdout;
  }
}
