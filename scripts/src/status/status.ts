import { MESH_NAMESPACE } from '@org/ollama-eks/pure';
import {
  argoNamespace,
  describeApplication,
  isSettled,
  listApplications,
  type ArgoApplication,
} from '../argo/application';
import { causesOf } from '../argo/causes';
import { meshFaults } from '../checks/mesh-nodes';
import { awsLeftovers, monthlyOf } from '../destroy/leftovers';
import { usd } from '../destroy/monthly';
import { konnectStates } from '../konnect/status';
import { readProof } from '../pools/proof';
import { isNodeReady, type Node } from '../pools/pools';
import { isReady, serverPods, type Pod } from '../pools/server-pods';
import { readyReplicas, replicasOf, serverWorkloads, type Workload } from '../pools/workloads';
import type { Context } from '../program/context';
import { CommandError, exitCodeOf, type FailureCode, messageOf } from '../program/exit-codes';
import { print, table } from '../program/output';
import { counted } from '../program/words';
import { findKongExposure } from '../project/kong-exposure';
import { readProject, type Project } from '../project/project';
import { findTarget, type Target } from '../project/target';
import { openCluster } from '../systems/cluster-access';
import type { Kubectl } from '../systems/kubectl';
import { Terraform } from '../systems/terraform';
import { costToday, INSTANCE_TYPE_LABEL } from './cost';

/** State of a stack without resources. */
const NOT_DEPLOYED = 'not deployed';

/** One line of the screen. */
export interface StatusLine {
  readonly what: string;
  readonly state: string;
}

/** A part of the screen, or why it could not be read. */
export interface StatusSection {
  readonly title: string;
  readonly lines: readonly StatusLine[];
  readonly error?: string;
}

/** Prints everything about a deployment on one screen. A section that cannot be read shows its error, which sets the exit code. */
export async function status(context: Context, example: string | undefined): Promise<void> {
  const project = readProject(context, example);
  const target = findTarget(context, project);
  const screen = new Screen();
  await screen.add('stacks', () => stackLines(context, project));
  if (screen.sections[0]?.lines.every(({ state }) => state === NOT_DEPLOYED) === true)
    await screen.add('leftovers', () => leftoverLines(context, target));
  const kubectl = await screen.read('cluster', () => openCluster(context, target));
  if (kubectl !== undefined) await addCluster(context, screen, project, target, kubectl);
  if (findKongExposure(project) !== undefined) {
    await screen.add('Konnect', async () =>
      (await konnectStates(context, target)).map(({ object, state }) => ({ what: object, state })),
    );
  }
  print(context, { cluster: target.clusterName, sections: screen.sections }, () => draw(target, screen.sections));
  if (screen.failure !== undefined) {
    const unread = screen.sections.filter(({ error }) => error !== undefined).map(({ title }) => title);
    throw new CommandError(screen.failure, `could not be read: ${unread.join(', ')}`);
  }
}

async function addCluster(
  context: Context,
  screen: Screen,
  project: Project,
  { summary }: Target,
  kubectl: Kubectl,
): Promise<void> {
  const namespace = argoNamespace(project);
  if (namespace !== undefined) {
    await screen.add('Argo CD', async () => {
      const applications = await listApplications(kubectl, namespace);
      return Promise.all(applications.map((application) => applicationLine(kubectl, application)));
    });
  }
  const nodes = await screen.read('nodes', () => kubectl.list<Node>('nodes'));
  if (nodes !== undefined) screen.push('nodes', nodes.map(nodeLine));
  await screen.add('mesh', () => meshLines(kubectl, context.clock.now()));
  await screen.add('model', async () => [
    ...(await serverWorkloads(kubectl)).map(workloadLine),
    ...(await proofLines(kubectl)),
    ...(summary?.pools ?? []).flatMap(({ name, models }) =>
      models.map((model) => ({
        what: `${name}: ${model.name}`,
        state: `context ${String(model.contextLength)}, ${String(model.parallel)} simultaneous`,
      })),
    ),
  ]);
  if (nodes === undefined || summary === undefined) return;
  const { usd, unpriced } = costToday(summary, nodes, context.clock.now());
  const unknown = unpriced.length === 0 ? '' : ` and ${unpriced.join(', ')}`;
  screen.push('cost', [
    { what: 'today, since midnight UTC', state: `$${usd.toFixed(2)} at list prices, excluding Kong${unknown}` },
  ]);
}

async function applicationLine(kubectl: Kubectl, application: ArgoApplication): Promise<StatusLine> {
  const what = application.metadata.name;
  if (isSettled(application)) return { what, state: 'Healthy, Synced' };
  return { what, state: describeApplication(application, await causesOf(kubectl, application)) };
}

/** Shows whether every model has answered since the last change. */
async function proofLines(kubectl: Kubectl): Promise<StatusLine[]> {
  const proof = await readProof(kubectl);
  return proof === undefined ? [] : [{ what: 'proof', state: proof.detail }];
}

/** Shows how many pods of the mesh are ready, and what keeps nodes or servers out of it. */
async function meshLines(kubectl: Kubectl, now: number): Promise<StatusLine[]> {
  const pods = await kubectl.list<Pod>('pods', MESH_NAMESPACE);
  const ready = `${String(pods.filter(isReady).length)} of ${counted(pods.length, 'pod')} ready`;
  const faults = meshFaults(pods, await serverPods(kubectl), now);
  return [
    { what: MESH_NAMESPACE, state: ready },
    ...faults.map(({ problem, remedy }) => ({ what: 'fault', state: `${problem}; ${remedy}` })),
  ];
}

async function stackLines(context: Context, { stacks }: Project): Promise<StatusLine[]> {
  const lines: StatusLine[] = [];
  for (const { name, directory } of stacks) {
    const terraform = new Terraform(context, directory);
    await terraform.init();
    const count = (await terraform.resources()).length;
    lines.push({ what: name, state: count === 0 ? NOT_DEPLOYED : counted(count, 'resource') });
  }
  return lines;
}

/** Lists what an installation that was destroyed still costs. */
async function leftoverLines(
  context: Context,
  { region, clusterName: cluster, summary }: Target,
): Promise<StatusLine[]> {
  const { left } = await awsLeftovers(context, { region, cluster, existing: summary?.existing === true });
  if (left.length === 0) return [];
  return [
    ...left.map(({ kind, id, monthlyUsd }) => ({
      what: `${kind} ${id}`,
      state: monthlyUsd === undefined ? 'unknown' : `${usd(monthlyUsd)} a month`,
    })),
    {
      what: 'all, at list prices',
      state: `${usd(monthlyOf(left))} a month; to see how to delete them: ollama-eks destroy`,
    },
  ];
}

function nodeLine(node: Node): StatusLine {
  const { name, labels } = node.metadata;
  const type = labels?.[INSTANCE_TYPE_LABEL] ?? 'unknown type';
  return { what: name, state: `${type}, ${isNodeReady(node) ? 'ready' : 'not ready'}` };
}

function workloadLine(workload: Workload): StatusLine {
  const count = `${String(readyReplicas(workload))} of ${String(replicasOf(workload))} ready`;
  return { what: workload.metadata.name, state: count };
}

/** Collects sections in the order in which they are read; one that cannot be read does not hide the others. */
class Screen {
  public readonly sections: StatusSection[] = [];
  public failure: FailureCode | undefined;

  public push(title: string, lines: readonly StatusLine[]): void {
    this.sections.push({ title, lines });
  }

  public async add(title: string, read: () => Promise<readonly StatusLine[]>): Promise<void> {
    const lines = await this.read(title, read);
    if (lines !== undefined) this.push(title, lines);
  }

  /** Returns what was read; undefined, with the error recorded, if it cannot be read. */
  public async read<Value>(title: string, read: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await read();
    } catch (error) {
      this.failure ??= exitCodeOf(error);
      this.sections.push({ title, lines: [], error: messageOf(error) });
      return undefined;
    }
  }
}

function draw({ clusterName, region }: Target, sections: readonly StatusSection[]): string {
  const rows = sections.flatMap(({ title, lines, error }) => {
    if (error !== undefined) return [[title, '', `cannot be read: ${error}`]];
    const shown = lines.length === 0 ? [{ what: 'none', state: '' }] : lines;
    return shown.map(({ what, state }, index) => [index === 0 ? title : '', what, state]);
  });
  return `${clusterName} in ${region}\n${table(['', '', ''], rows)}`;
}
