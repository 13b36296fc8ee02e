import { gib, modelAlias, type ClusterSummary } from '@org/ollama-eks/pure';
import type { RunningModel } from '../checks/gpu-checks';
import { excerpt, type Endpoint } from '../endpoint/endpoint';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { parse } from '../program/json';
import { print, table } from '../program/output';
import { findManifest, requireManifest, unknownTag, type Manifest } from './registry';
import { Servers, type Disk } from './servers';

/** Milliseconds between two progress messages. */
const PROGRESS_INTERVAL = 5000;

interface StoredModel {
  readonly name: string;
  readonly size: number;
  readonly digest: string;
}

/** A line of a pull. @see https://github.com/ollama/ollama/blob/v0.32.15/docs/api.md#pull-a-model */
interface PullLine {
  readonly status?: string;
  readonly error?: string;
  readonly digest?: string;
  readonly total?: number;
  readonly completed?: number;
}

/** Prints the models on each server, which of them are loaded, and the disk usage. */
export async function listModels(context: Context): Promise<void> {
  const servers = await Servers.open(context);
  const rows = await eachServer(servers, async (name, endpoint) => ({
    server: name,
    disk: await servers.disk(name),
    models: await stored(endpoint),
    running: (await endpoint.models<RunningModel>('/api/ps')) ?? [],
  }));
  const listed = rows.map(({ server, disk, models, running }) => ({
    server,
    disk,
    models: models.map(({ name, size, digest }) => ({
      name,
      bytes: size,
      digest: `sha256:${digest}`,
      loaded: loadedAs(digest, running),
    })),
  }));
  print(context, { servers: listed }, () =>
    listed
      .map(({ server, disk, models }) =>
        [
          `${server}: ${used(disk)}`,
          table(
            ['model', 'size', 'loaded', 'context', 'digest'],
            models.map(({ name, bytes, loaded, digest }) => [
              name,
              gib(bytes),
              loaded === null ? 'no' : `${String(loaded.gpuPercent)} % GPU`,
              loaded?.contextLength === undefined ? '' : String(loaded.contextLength),
              digest.slice(0, 'sha256:'.length + 12),
            ]),
          ),
        ].join('\n'),
      )
      .join('\n\n'),
  );
}

/** Prints whether a tag exists, its size, and its digest. Throws UsageError if it does not exist. */
export async function checkModel(context: Context, name: string): Promise<void> {
  const manifest = await findManifest(context, name);
  const found = manifest && { name: manifest.name, bytes: manifest.bytes, digest: manifest.digest };
  print(context, { exists: found !== undefined, ...found }, () =>
    found === undefined ? `${name}: no such tag` : `${found.name}: ${gib(found.bytes)}, ${found.digest}`,
  );
  if (found === undefined) throw unknownTag(name);
}

/** Pulls a model to each server, if its tag exists and the disk has space. Throws CommandError if a pull fails. */
export async function pullModel(context: Context, name: string, pod?: string): Promise<void> {
  const manifest = await requireManifest(context, name);
  const servers = await Servers.open(context, pod);
  const { summary } = servers.target;
  if (summary !== undefined && !isServed(summary, manifest.name)) {
    context.reporter.warn(
      `the cluster was not sized for ${manifest.name}: when it is used, it may displace other models from GPU memory, and a restart of the server removes it`,
    );
  }
  const results = await eachServer(servers, async (server, endpoint) => {
    const present = (await stored(endpoint)).find((model) => model.name === manifest.name);
    // A server rewrites the tags that it serves with their context, so their digests differ from the registry's.
    const isServing = summary !== undefined && isServed(summary, manifest.name);
    if (present !== undefined && (isServing || manifest.digest === `sha256:${present.digest}`))
      return { server, action: 'already has' } as const;
    await requireRoom(servers, server, manifest);
    if (context.flags.dryRun) return { server, action: 'would pull', bytes: manifest.bytes } as const;
    await pull(context, endpoint, server, manifest);
    const pulled = (await stored(endpoint)).find((model) => model.name === manifest.name);
    if (pulled === undefined)
      throw new CommandError(ExitCode.failedState, `${server} reports success but does not list ${manifest.name}`);
    return { server, action: 'pulled', digest: `sha256:${pulled.digest}` } as const;
  });
  print(context, { model: manifest.name, digest: manifest.digest, servers: results }, () =>
    results
      .map(({ server, action }) => {
        const size = action === 'would pull' ? ` (${gib(manifest.bytes)})` : '';
        return `${server}: ${action} ${manifest.name}${size}`;
      })
      .join('\n'),
  );
}

/** Removes a model from each server. Throws UsageError for a model that the cluster serves: its pod would pull it again. */
export async function removeModel(context: Context, name: string): Promise<void> {
  const servers = await Servers.open(context);
  const { summary } = servers.target;
  if (summary !== undefined && isServed(summary, name)) {
    throw new UsageError(`${name} is served by the cluster and would be pulled again`, {
      remedy: 'remove it from models, and deploy',
    });
  }
  const having = await eachServer(servers, async (server, endpoint) =>
    (await stored(endpoint)).some((model) => model.name === name) ? [server] : [],
  );
  const names = having.flat();
  if (names.length === 0) throw new UsageError(`no server has ${name}`, { remedy: 'see ollama-eks models list' });
  if (context.flags.dryRun) {
    print(context, { wouldRemove: names }, () => `would remove ${name} from ${names.join(', ')}`);
    return;
  }
  if (!(await context.confirm(`Remove ${name} from ${names.join(', ')}?`))) throw new UsageError('nothing was removed');
  for (const server of names) {
    await servers.use(server, async (endpoint) => {
      const { status, body } = await endpoint.send('DELETE', '/api/delete', { body: { model: name } });
      if (status !== 200)
        throw new CommandError(ExitCode.failedState, `${server} answers ${String(status)}: ${excerpt(body)}`);
    });
  }
  print(context, { removed: names }, () => `removed ${name} from ${names.join(', ')}`);
}

async function requireRoom(servers: Servers, server: string, { name, bytes }: Manifest): Promise<void> {
  const { freeBytes } = await servers.disk(server);
  if (freeBytes < bytes) {
    throw new CommandError(
      ExitCode.failedState,
      `${server} has ${gib(freeBytes)} of free disk space, ${name} needs ${gib(bytes)}`,
      { remedy: 'remove a model, or enlarge the volume' },
    );
  }
}

/** Pulls a model. Ollama always answers 200; only a last line with status `success` means success. */
async function pull(context: Context, endpoint: Endpoint, server: string, manifest: Manifest): Promise<void> {
  const started = context.clock.now();
  const done = new Map<string, number>();
  let lastProgress = started;
  const outcome = await endpoint
    .stream('/api/pull', { body: { model: manifest.name } }, async ({ status, lines }) => {
      if (status !== 200) return `${server} answers ${String(status)}`;
      for await (const text of lines) {
        const line = parse<PullLine>(text);
        if (line?.error !== undefined) return line.error;
        if (line?.status === 'success') return undefined;
        if (line?.digest !== undefined && line.completed !== undefined) done.set(line.digest, line.completed);
        if (context.clock.now() - lastProgress >= PROGRESS_INTERVAL) {
          lastProgress = context.clock.now();
          progress(
            context,
            server,
            manifest,
            [...done.values()].reduce((sum, bytes) => sum + bytes, 0),
            started,
          );
        }
      }
      return 'the stream ended before the pull was complete';
    })
    .finally(() => context.reporter.waited(server));
  if (outcome !== undefined) {
    throw new CommandError(ExitCode.failedState, `${server}: pull of ${manifest.name} failed: ${outcome}`, {
      remedy: 'run the command again; it continues the download',
    });
  }
}

function progress(
  { reporter, clock }: Context,
  server: string,
  { name, bytes }: Manifest,
  done: number,
  started: number,
): void {
  const elapsedSeconds = (clock.now() - started) / 1000;
  const expectedSeconds = done === 0 ? 0 : (elapsedSeconds * bytes) / done;
  reporter.waiting({
    step: server,
    elapsedSeconds,
    expectedSeconds,
    waitsFor: `${name} ${gib(done)} of ${gib(bytes)}`,
  });
}

/** Runs an action on the servers sequentially, since they share one internet connection. */
async function eachServer<Result>(
  servers: Servers,
  action: (name: string, endpoint: Endpoint) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of servers.names) results.push(await servers.use(name, (endpoint) => action(name, endpoint)));
  return results;
}

async function stored(endpoint: Endpoint): Promise<readonly StoredModel[]> {
  const listed = await endpoint.models<StoredModel>('/api/tags');
  if (listed === undefined)
    throw new CommandError(ExitCode.failedState, `${endpoint.url} does not list its models`, {
      remedy: 'ollama-eks diagnose',
    });
  return listed;
}

/** Whether the cluster serves the model, under its name or its alias. */
function isServed({ pools }: ClusterSummary, name: string): boolean {
  return pools
    .flatMap(({ models }) => models)
    .some((model) => name === model.name || name === modelAlias(model.name, model.contextLength));
}

/** How a model is loaded. */
export interface LoadedModel {
  /** Share of its memory that is on GPUs. */
  readonly gpuPercent: number;
  /** Tokens of one request, if the server reports it. */
  readonly contextLength?: number;
}

/** Returns how a model is loaded; null if it is not. An alias and its tag have the same digest and are loaded once. */
function loadedAs(digest: string, running: readonly RunningModel[]): LoadedModel | null {
  const model = running.find((candidate) => candidate.digest === digest);
  if (model === undefined) return null;
  const { size, size_vram: vram, context_length: contextLength } = model;
  const gpuPercent = vram >= size ? 100 : Math.min(99, Math.round((vram / size) * 100));
  return { gpuPercent, ...(contextLength !== undefined && { contextLength }) };
}

function used({ totalBytes, freeBytes }: Disk): string {
  const share = Math.round(((totalBytes - freeBytes) / totalBytes) * 100);
  return `${String(share)} % of ${gib(totalBytes)} used`;
}
