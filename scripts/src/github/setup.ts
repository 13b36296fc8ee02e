// https://cli.github.com/manual/gh_secret_set
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DECK_VARIABLES } from '@org/ollama-eks/pure';
import { KONG_WORKFLOW } from '../init/kong-workflow';
import { deckEnvironment } from '../kong/environment';
import { configurationFile } from '../kong/state-file';
import { controlPlaneName } from '../konnect/names';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { print } from '../program/output';
import { findKongExposure } from '../project/kong-exposure';
import { projectDirectory, readProject } from '../project/project';
import { findTarget } from '../project/target';
import { Gh } from '../systems/gh';

/** Deployment environment that the workflow runs in. */
const ENVIRONMENT = 'konnect';

const WORKFLOW = basename(KONG_WORKFLOW);

/** Prefix of decK's variables, which the workflow's variables do not have. */
const DECK_PREFIX = 'DECK_';

export interface GithubOptions {
  /** Start the workflow even if nothing was changed. */
  readonly run?: boolean;
}

/** Sets what the workflow that syncs Kong's configuration needs, and starts it. */
export async function githubSetup(context: Context, options: GithubOptions): Promise<void> {
  const { settings } = context;
  const token = settings.get('konnectConfigToken');
  if (token === undefined) {
    throw new UsageError(
      'KONNECT_CONFIG_TOKEN is not set: GitHub needs a token that may only sync configuration, not the one that provisions',
      { remedy: 'create it with `ollama-eks konnect accounts`' },
    );
  }
  requireWorkflow(projectDirectory(context));
  const variables = await readVariables(context);
  const gh = new Gh(context, projectDirectory(context));
  const { nameWithOwner, defaultBranch } = await gh.repository();
  if (context.flags.dryRun) {
    print(context, { repository: nameWithOwner, secrets: ['KONNECT_TOKEN'], variables }, () =>
      [
        `would set in ${nameWithOwner}, environment ${ENVIRONMENT}:`,
        'secret KONNECT_TOKEN',
        ...Object.keys(variables),
      ].join('\n'),
    );
    return;
  }
  await gh.ensureEnvironment(nameWithOwner, ENVIRONMENT);
  const before = await gh.variables(ENVIRONMENT);
  const changed = Object.entries(variables).filter(([name, value]) => before[name]?.trim() !== value.trim());
  for (const [name, value] of changed) await gh.setVariable(ENVIRONMENT, name, value);
  await gh.setSecret(ENVIRONMENT, 'KONNECT_TOKEN', token); // its current value cannot be read
  const started = changed.length > 0 || options.run === true;
  if (started) await gh.runWorkflow(WORKFLOW, defaultBranch);
  const names = changed.map(([name]) => name);
  print(context, { repository: nameWithOwner, changed: names, started }, () =>
    [
      `secret KONNECT_TOKEN set in ${nameWithOwner}`,
      names.length === 0 ? 'variables unchanged' : `variables set: ${names.join(', ')}`,
      started ? `${WORKFLOW} started; to watch it: gh run watch` : `${WORKFLOW} not started; pass --run to start it`,
    ].join('\n'),
  );
}

/** Throws UsageError if no folder from the project's up has the workflow: GitHub runs those in the root of the repository. */
function requireWorkflow(directory: string): void {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, KONG_WORKFLOW))) return;
    if (folder === dirname(folder)) break;
  }
  throw new UsageError(`neither ${directory} nor a folder above it has ${KONG_WORKFLOW}`, {
    remedy: 'create it with `ollama-eks init`, and commit it in the root of the repository',
  });
}

async function readVariables(context: Context): Promise<Readonly<Record<string, string>>> {
  const { settings } = context;
  const project = readProject(context);
  const file = configurationFile(project.directory, {
    adminRoutes: findKongExposure(project)?.adminRoutes,
    requestTimeoutSeconds: findTarget(context, project).summary?.requestTimeoutSeconds,
  });
  const values = await deckEnvironment(context, file.content, project);
  const known = Object.values(DECK_VARIABLES).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name.slice(DECK_PREFIX.length), value]];
  });
  return {
    KONNECT_REGION: settings.require('konnectGeo'),
    KONNECT_CONTROL_PLANE_NAME: controlPlaneName(context),
    ...(Object.fromEntries(known) as Record<string, string>),
  };
}
