import { resolve } from 'node:path';
import { pathPlugins } from '../checks/path-plugins';
import { streamingBreakers } from '../checks/streaming-plugins';
import { Entities } from '../konnect/entities';
import type { Context } from '../program/context';
import { reportDeclined } from '../program/declined';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { openKonnect } from '../konnect/access';
import { requireControlPlane } from '../konnect/names';
import { print } from '../program/output';
import { readJsonFile } from '../program/text-file';
import { counted } from '../program/words';
import { findKongExposure } from '../project/kong-exposure';
import { findProject, projectDirectory } from '../project/project';
import { findTarget } from '../project/target';
import { adopt, describeConflict, findConflicts } from './conflicts';
import { checkEnvironment, deckEnvironment } from './environment';
import { guardPlan } from './guard';
import {
  configurationFile,
  readStateFile,
  requireControlPlaneOf,
  type ConfigurationFacts,
  type StateFile,
} from './state-file';
import { describeCounts, diffKong, hasChanges, refusalText, requireComplete, syncKong } from './sync';

export interface FileOptions {
  /** A configuration file to use instead of the project's. */
  readonly file?: string;
  /** A consumers file to sync instead of the configuration. */
  readonly consumers?: string;
  readonly maxDeletes: number;
}

/** `kong diff` */
export async function kongDiff(
  context: Context,
  options: FileOptions & { readonly exitCode?: boolean },
): Promise<void> {
  const { client, request } = await prepare(context, options);
  const { refusals, counts } = await diffKong(context, client, request);
  const breakers = streamingBreakers(await pathPlugins(new Entities(client, request.controlPlane)));
  breakers.forEach((sentence) =>
    context.reporter.warn(`${sentence}, which breaks streaming: disable it, or apply it to other services only`),
  );
  print(context, { counts, refusals, breaksStreaming: breakers }, () => describeCounts(counts));
  if (refusals.length > 0) throw new UsageError(refusalText(refusals));
  if (options.exitCode === true && hasChanges(counts))
    throw new CommandError(ExitCode.different, `Kong differs from the file: ${describeCounts(counts)}`);
}

/** `kong sync` */
export async function kongSync(context: Context, options: FileOptions): Promise<void> {
  if (context.flags.dryRun) return kongDiff(context, options);
  const { client, request } = await prepare(context, options);
  const result = await syncKong(context, client, request);
  print(context, result, () => (result.changes ? `synced: ${describeCounts(result.counts)}` : 'nothing to do'));
}

/** `kong adopt`: takes over the objects for which a sync of the configuration would fail. */
export async function kongAdopt(context: Context, options: Pick<FileOptions, 'file'>): Promise<void> {
  const { client, file, controlPlane } = await prepareFile(context, options);
  const entities = new Entities(client, controlPlane);
  const conflicts = await findConflicts(entities, file);
  const adopted = conflicts.map(({ noun, entity: { id, name } }) => ({ kind: noun, name, id }));
  if (conflicts.length === 0 || context.flags.dryRun) {
    print(context, { adopt: adopted }, () =>
      conflicts.length === 0 ? 'nothing to adopt' : ['would adopt', ...conflicts.map(describeConflict)].join('\n'),
    );
    return;
  }
  context.reporter.note(`adopts\n${conflicts.map(describeConflict).join('\n')}`);
  if (!(await context.confirm(`Let the next sync change ${counted(conflicts.length, 'object')} as the file says?`))) {
    reportDeclined(context);
    return;
  }
  await adopt(entities, conflicts);
  print(context, { adopted }, () => `${counted(adopted.length, 'object')} adopted; next: ollama-eks kong diff`);
}

/** `kong guard`: checks a plan of decK, or the environment variables that a state file refers to. */
export function kongGuard(
  context: Context,
  plan: string | undefined,
  options: { readonly environment?: string; readonly maxDeletes: number },
): void {
  if ((plan === undefined) === (options.environment === undefined)) {
    throw new UsageError('pass either a plan or --environment FILE');
  }
  if (options.environment !== undefined) {
    const path = resolve(context.directory, options.environment);
    checkEnvironment(context.environment, readStateFile(path, 'configuration').content);
    print(context, { refusals: [] }, () => 'the values are valid for the file');
    return;
  }
  const path = resolve(context.directory, plan ?? '');
  const verdict = guardPlan(readJsonFile(path), { maxDeletes: options.maxDeletes });
  print(context, verdict, () => describeCounts(verdict.counts));
  requireComplete(verdict.gaps, 'create the plan again with `deck gateway diff --json-output --parallelism 1`');
  if (verdict.refusals.length > 0) throw new UsageError(refusalText(verdict.refusals));
}

async function prepare(context: Context, options: FileOptions) {
  const { client, file, controlPlane, project } = await prepareFile(context, options);
  const environment = await deckEnvironment(context, file.content, project);
  file.keys.filter(({ length }) => length >= 6).forEach((key) => context.masker.add(key));
  return { client, request: { file, environment, controlPlane, maxDeletes: options.maxDeletes } };
}

async function prepareFile(context: Context, options: Omit<FileOptions, 'maxDeletes'>) {
  const project = findProject(context);
  const file = fileOf(context, options, {
    adminRoutes: project && findKongExposure(project)?.adminRoutes,
    requestTimeoutSeconds: project && findTarget(context, project).summary?.requestTimeoutSeconds,
  });
  const client = openKonnect(context, 'konnectConfigToken');
  const controlPlane = await requireControlPlane(context, client);
  requireControlPlaneOf(file, controlPlane.name);
  return { client, file, project, controlPlane };
}

function fileOf(
  context: Context,
  { file, consumers }: Omit<FileOptions, 'maxDeletes'>,
  facts: ConfigurationFacts,
): StateFile {
  if (file !== undefined && consumers !== undefined) {
    throw new UsageError('--file and --consumers must not be combined: decK would merge the files and their tags', {
      remedy: 'sync them in two runs',
    });
  }
  if (consumers !== undefined) return readStateFile(resolve(context.directory, consumers), 'consumers');
  if (file !== undefined) return readStateFile(resolve(context.directory, file), 'configuration');
  return configurationFile(projectDirectory(context), facts);
}
