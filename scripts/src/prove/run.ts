import { resolve } from 'node:path';
import { type Findings, runChecks } from '../checks/findings';
import { toolChecks } from '../checks/tool-checks';
import { Endpoint } from '../endpoint/endpoint';
import { findModels } from '../endpoint/find-models';
import { requestTimeout } from '../endpoint/request-timeout';
import type { ServedModel } from '../endpoint/served-model';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { print } from '../program/output';
import { wholeNumber } from '../program/whole-number';
import { counted } from '../program/words';
import { findProject } from '../project/project';
import { findTarget, type Target } from '../project/target';
import { textOf } from '../report/text';
import { planCycle, type ScaleCycle } from '../scale/run';
import { type CallersPath, findCallersPath, WITHOUT_KONG } from '../verify/callers-path';
import { contextChecks } from '../verify/context-checks';
import { isolationChecks } from '../verify/isolation-checks';
import { type Measurements, proofOf } from './assemble';
import { type Change, changesOf } from './changes';
import { readProofFile } from './earlier-proof';
import { readFacts } from './endpoint-facts';
import { proofFiles, requireFree, reserved, writeProof } from './files';
import { measureModel, type ModelPlan, planModel } from './measure';
import type { ModelProof, Proof } from './proof';
import { sectionsOf, titleOf } from './sections';

/** Options of `prove`. */
export interface ProveFlags {
  readonly out: string;
  readonly model?: readonly string[];
  readonly turns: number;
  readonly clients?: readonly string[];
  readonly disruptive?: boolean;
  readonly against?: string;
  readonly emulated?: readonly string[];
  /** Seconds. */
  readonly requestTimeout?: number;
}

/** Coding agents at once, unless the user names other numbers. */
const CLIENTS = [1, 4, 8, 16];
const MOST_CLIENTS = 64;
/** Longest waits of `--disruptive`, in minutes: those of `scale zero` and `scale resume`. */
const CYCLE = { zeroMinutes: 40, resumeMinutes: 60 };

/**
 * Measures a running endpoint as coding agents use it, and writes a page about it. Throws CommandError with exit code 6, after the files
 * are written, if a check or a conversation failed.
 */
export async function runProve(context: Context, flags: ProveFlags): Promise<void> {
  const directory = resolve(context.directory, flags.out);
  const clients = clientsOf(flags.clients);
  const earlier = flags.against === undefined ? undefined : readProofFile(resolve(context.directory, flags.against));
  requireFree(directory);
  const path = await requirePath(context);
  const seconds = requestTimeout(context, flags.requestTimeout);
  const endpoint = new Endpoint(context, path.url, path.apiKey, seconds * 1000);
  const models = (await findModels(context, flags.model ?? [], endpoint)).filter(({ embedding }) => !embedding);
  if (models.length === 0)
    throw new UsageError('no model answers with text', { remedy: 'name one with --model that is not for embeddings' });
  const cycle = flags.disruptive === true ? await planCycle(context, CYCLE) : undefined;
  if (context.flags.dryRun) {
    printPlan(context, directory, { models, clients, turns: flags.turns, disruptive: cycle !== undefined });
    return;
  }
  if (cycle !== undefined && !(await context.confirm('Scale all servers to zero and back after the measurement?')))
    throw new UsageError('nothing was measured', { remedy: 'leave out --disruptive' });
  const measuring = { endpoint, path, models, clients, turns: flags.turns, seconds };
  const output = { directory, emulated: flags.emulated ?? [], earlier };
  const { proof, changes } = await reserved(context, directory, () =>
    measureAndWrite(context, measuring, output, cycle),
  );
  const files = proofFiles(directory);
  print(context, { files, proof, ...(earlier && { changes }) }, () =>
    [textOf(titleOf(proof), sectionsOf(proof, changes)), '', `wrote ${files.join(', ')}`].join('\n'),
  );
  requireProven(proof);
}

/** Where a run is written, and with what it is compared. */
interface Output {
  readonly directory: string;
  /** Parts that the user says were emulated. */
  readonly emulated: readonly string[];
  readonly earlier: Proof | undefined;
}

/** Measures, and writes what was measured. Then scales to zero and back if there is a cycle, and writes its times, too. */
async function measureAndWrite(
  context: Context,
  measuring: Measuring,
  { directory, emulated, earlier }: Output,
  cycle: (() => Promise<ScaleCycle>) | undefined,
): Promise<Written> {
  const target = knownTarget(context);
  const measurements = await measure(context, measuring);
  const subject = { target, url: measuring.endpoint.url, emulated };
  const write = (scale?: ScaleCycle): Written => {
    const proof = proofOf(measurements, subject, context.clock.now(), scale);
    const changes = earlier === undefined ? [] : changesOf(earlier, proof);
    writeProof(directory, proof, changes);
    return { proof, changes };
  };
  const written = write();
  if (cycle === undefined) return written;
  // Even if the servers do not come back, what was measured is written.
  context.reporter.note(`figures are in ${directory}; if the servers do not come back, run ollama-eks scale resume`);
  return write(await cycle());
}

/** What was written. */
interface Written {
  readonly proof: Proof;
  readonly changes: readonly Change[];
}

/** What is measured, and how. */
interface Measuring {
  readonly endpoint: Endpoint;
  readonly path: CallersPath;
  readonly models: readonly ServedModel[];
  readonly clients: readonly number[];
  readonly turns: number;
  /** Longest request. */
  readonly seconds: number;
}

async function measure(context: Context, measuring: Measuring): Promise<Measurements> {
  const { endpoint, models, turns, clients } = measuring;
  const started = context.clock.now();
  // All are planned first: a model that does not answer must not cost the figures of those before it.
  const plans: ModelPlan[] = [];
  for (const model of models) plans.push(await planModel(context, endpoint, model, turns));
  const measured: ModelProof[] = [];
  for (const plan of plans) measured.push(await measureModel(context, endpoint, plan, clients));
  const { findings } = await probe(context, measuring);
  return { started, models: measured, findings, ...(await readFacts(context, endpoint)) };
}

/** Checks that answers of a tool are whole, that the promised context is read, and that prompts stay apart. */
function probe(context: Context, { endpoint, path, models, seconds }: Measuring): Promise<Findings> {
  const { url, apiKey, secondApiKey = apiKey } = path;
  const second = new Endpoint(context, url, secondApiKey, seconds * 1000);
  const teams = { first: endpoint, second, haveOwnKeys: secondApiKey !== apiKey };
  context.reporter.note('checks: tool calls, context, isolation');
  return runChecks(context, [
    ...toolChecks(endpoint, models, context.clock),
    ...contextChecks(endpoint, models),
    ...isolationChecks(teams, models, context.clock),
  ]);
}

/** Finds the path of the callers. Throws UsageError if it is not known, or if its key is missing. */
async function requirePath(context: Context): Promise<CallersPath> {
  const path = await findCallersPath(context);
  if (path === undefined)
    throw new UsageError('the address of the endpoint is not known: the project has no Kong', { remedy: WITHOUT_KONG });
  if (path.kong && path.apiKey === undefined) context.settings.require('apiKey');
  return path;
}

function knownTarget(context: Context): Target | undefined {
  const project = findProject(context);
  return project === undefined ? undefined : findTarget(context, project);
}

/** Parses the numbers of clients, in ascending order. Throws UsageError for an invalid one. */
function clientsOf(given: readonly string[] | undefined): readonly number[] {
  if (given === undefined) return CLIENTS;
  const parse = wholeNumber('--clients', { to: MOST_CLIENTS });
  return [...new Set(given.map(parse))].sort((a, b) => a - b);
}

/** What would be measured. */
interface Plan {
  readonly models: readonly ServedModel[];
  readonly clients: readonly number[];
  readonly turns: number;
  readonly disruptive: boolean;
}

function printPlan(context: Context, directory: string, { models, clients, turns, disruptive }: Plan): void {
  const aliases = models.map(({ alias }) => alias);
  const requests = models.length * turns * clients.reduce((sum, number) => sum + number, 0);
  const files = proofFiles(directory);
  print(context, { wouldMeasure: { models: aliases, clients, turns, requests, disruptive }, wouldWrite: files }, () =>
    [
      `would ask ${aliases.join(', ')} ${counted(requests, 'time')}: conversations of ${counted(turns, 'turn')} with ${clients.join(', ')} at once`,
      'would check tool calls, context and isolation',
      ...(disruptive ? ['would scale all servers to zero and back'] : []),
      `would write ${files.join(', ')}`,
    ].join('\n'),
  );
}

/** Throws CommandError with exit code 6 if something failed. */
function requireProven({ checks, models }: Proof): void {
  const failures = [
    ...checks.filter(({ status }) => status === 'fail').map(({ id }) => id),
    ...models.flatMap(({ model, loads }) =>
      loads
        .filter((load) => load.failures.length > 0)
        .map(({ clients, failures: reasons }) => `${model} × ${String(clients)} (${[...new Set(reasons)].join(', ')})`),
    ),
  ];
  if (failures.length > 0)
    throw new CommandError(ExitCode.failedState, `not proven: ${failures.join(', ')}`, {
      remedy: 'run ollama-eks verify --tools --context --isolation, which shows what was answered',
    });
}
