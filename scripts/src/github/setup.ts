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

/** Variables of the workflow, beside those of decK. */
const DECK_PREFIX = 'DECK_';

export interface GithubOptions {
  /** Start the workflow even where nothing was changed. */
  readonly run?: boolean;
}

/** `github setup`: what the workflow that syncs Kong's configuration needs to know, and its first run. */
export async function githubSetup(context: Context, options: GithubOptions): Promise<void> {
  const { settings } = context;
  const token = settings.get('konnectConfigToken');
  if (token === undefined) {
    throw new UsageError(
      'KONNECT_CONFIG_TOKEN is not set: GitHub gets a token that may sync configuration and nothing else, never the one that provisions',
      { remedy: '`ollama-eks konnect accounts` makes it' },
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
  await gh.setSecret(ENVIRONMENT, 'KONNECT_TOKEN', token); // its present value can't be read
  const started = changed.length > 0 || options.run === true;
  if (started) await gh.runWorkflow(WORKFLOW, defaultBranch);
  const names = changed.map(([name]) => name);
  print(context, { repository: nameWithOwner, changed: names, started }, () =>
    [
      `secret KONNECT_TOKEN set in ${nameWithOwner}`,
      names.length === 0 ? 'variables unchanged' : `variables set: ${names.join(', ')}`,
      started ? `${WORKFLOW} started; watch it by: gh run watch` : `${WORKFLOW} not started; --run starts it`,
    ].join('\n'),
  );
}

/** GitHub starts what stands in the root of the repository: the project's folder, or one above it. */
function requireWorkflow(directory: string): void {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, KONG_WORKFLOW))) return;
    if (folder === dirname(folder)) break;
  }
  throw new UsageError(`there is no ${KONG_WORKFLOW} in ${directory}, or above it: \`ollama-eks init\` writes one`, {
    remedy: 'commit it in the root of the repository',
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
