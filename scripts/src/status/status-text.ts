import { MESH_NAMESPACE } from '@org/ollama-eks/pure';
import { usd } from '../destroy/monthly';
import { konnectName, stateText } from '../konnect/status';
import { table } from '../program/output';
import { counted } from '../program/words';
import { STATUS_SECTIONS, type ApplicationStatus, type StatusResult, type StatusSection } from './status-result';

/** One line of the screen. */
export interface StatusLine {
  readonly what: string;
  readonly state: string;
}

/** Returns the status as a table with a line per object. */
export function statusText(status: StatusResult): string {
  const rows = STATUS_SECTIONS.flatMap((section) =>
    (linesOf(status, section) ?? []).map(({ what, state }, index) => [index === 0 ? section : '', what, state]),
  );
  const next =
    unreadyServers(status).length === 0
      ? ''
      : '\nnot every server is ready: run ollama-eks diagnose, which names the cause';
  return `${status.cluster} in ${status.region}\n${table(['', '', ''], rows)}${next}`;
}

/** Returns which servers are not ready. If models are planned, and nothing serves them, that is one, too. */
export function unreadyServers({ servers = [], models = [], unread }: StatusResult): readonly string[] {
  const isRead = !unread.some(({ section }) => section === 'cluster' || section === 'model');
  if (isRead && servers.length === 0 && models.length > 0) return ['no server exists'];
  return servers.filter(({ replicas, readyReplicas }) => readyReplicas < replicas).map(({ name }) => `servers ${name}`);
}

/** Returns the lines of a section; undefined if it does not apply. One that cannot be read has a line with the reason. */
export function linesOf(status: StatusResult, section: StatusSection): readonly StatusLine[] | undefined {
  const unread = status.unread.find((one) => one.section === section);
  if (unread !== undefined) return [{ what: '', state: `cannot be read: ${unread.problem}` }];
  const lines = LINES[section](status);
  return lines?.length === 0 ? [{ what: 'none', state: '' }] : lines;
}

type Lines = (status: StatusResult) => readonly StatusLine[] | undefined;

const LINES: Readonly<Record<StatusSection, Lines>> = {
  stacks: ({ stacks }) =>
    stacks?.map(({ name, resources }) => ({
      what: name,
      state: resources === 0 ? 'not deployed' : counted(resources, 'resource'),
    })),
  leftovers: leftoverLines,
  cluster: () => undefined,
  'Argo CD': ({ applications }) => applications?.map(applicationLine),
  nodes: ({ nodes }) =>
    nodes?.map(({ name, instanceType = 'unknown type', ready }) => ({
      what: name,
      state: `${instanceType}, ${ready ? 'ready' : 'not ready'}`,
    })),
  mesh: ({ mesh }) =>
    mesh && [
      { what: MESH_NAMESPACE, state: `${String(mesh.readyPods)} of ${counted(mesh.pods, 'pod')} ready` },
      ...mesh.faults.map(({ problem, remedy }) => ({ what: 'fault', state: `${problem}; ${remedy}` })),
    ],
  model: ({ servers, proof, models = [] }) =>
    servers && [
      ...(servers.length === 0 ? [{ what: 'servers', state: 'none exists' }] : []),
      ...servers.map(({ name, replicas, readyReplicas }) => ({
        what: name,
        state: `${String(readyReplicas)} of ${String(replicas)} ready`,
      })),
      ...(proof === undefined ? [] : [{ what: 'proof', state: proof.detail }]),
      ...models.map(({ pool, name, contextLength, parallel }) => ({
        what: `${pool}: ${name}`,
        state: `context ${String(contextLength)}, ${String(parallel)} simultaneous`,
      })),
    ],
  cost: costLines,
  Konnect: ({ konnect }) => konnect?.map((one) => ({ what: konnectName(one), state: stateText(one) })),
};

function leftoverLines({ leftovers }: StatusResult): readonly StatusLine[] | undefined {
  if (leftovers === undefined || leftovers.left.length === 0) return undefined;
  return [
    ...leftovers.left.map(({ kind, id, monthlyUsd }) => ({
      what: `${kind} ${id}`,
      state: monthlyUsd === undefined ? 'unknown' : `${usd(monthlyUsd)} a month`,
    })),
    {
      what: 'all, at list prices',
      state: `${usd(leftovers.monthlyUsd)} a month; to see how to delete them: ollama-eks destroy`,
    },
  ];
}

function applicationLine({ name, settled, health, sync, causes }: ApplicationStatus): StatusLine {
  const why = settled || causes.length === 0 ? '' : ` (${causes.join('; ')})`;
  return { what: name, state: `${health}, ${sync}${why}` };
}

function costLines({ costToday }: StatusResult): readonly StatusLine[] | undefined {
  if (costToday === undefined) return undefined;
  const unknown = costToday.unpriced.length === 0 ? '' : ` and ${costToday.unpriced.join(', ')}`;
  return [
    {
      what: 'today, since midnight UTC',
      state: `$${costToday.usd.toFixed(2)} at list prices, excluding Kong${unknown}`,
    },
  ];
}
