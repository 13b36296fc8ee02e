import type { Leftover } from '../destroy/leftovers';
import type { KonnectState } from '../konnect/status';
import type { Proof } from '../pools/proof';
import type { FailureCode } from '../program/exit-codes';
import type { CostToday } from './cost';

/** The parts of the status that are read separately, in their order. */
export const STATUS_SECTIONS = [
  'stacks',
  'leftovers',
  'cluster',
  'Argo CD',
  'nodes',
  'mesh',
  'model',
  'cost',
  'Konnect',
] as const;

export type StatusSection = (typeof STATUS_SECTIONS)[number];

/** Everything about a deployment. A part is absent if it does not apply, or if it could not be read, which `unread` lists. */
export interface StatusResult {
  readonly cluster: string;
  readonly region: string;
  readonly stacks?: readonly StackStatus[];
  /** What an installation without resources has left that costs money; absent while it has resources. */
  readonly leftovers?: LeftoverStatus;
  /** Applications of Argo CD; absent if something else delivers. */
  readonly applications?: readonly ApplicationStatus[];
  readonly nodes?: readonly NodeStatus[];
  readonly mesh?: MeshStatus;
  readonly servers?: readonly ServerStatus[];
  /** Whether every model has answered since the last change; absent if no Job that asks them is kept. */
  readonly proof?: Proof;
  readonly models?: readonly ModelStatus[];
  /** Cost since midnight UTC, without Kong and what is paid for by use. */
  readonly costToday?: CostToday;
  /** Objects in Konnect; absent without Kong. */
  readonly konnect?: readonly KonnectState[];
  readonly unread: readonly UnreadSection[];
}

export interface StackStatus {
  readonly name: string;
  /** Number of resources in its state; 0 if it is not deployed. */
  readonly resources: number;
}

export interface LeftoverStatus {
  readonly left: readonly Leftover[];
  /** USD a month at list prices; without those whose price is not known. */
  readonly monthlyUsd: number;
}

export interface ApplicationStatus {
  readonly name: string;
  /** Whether it is synced and healthy, and its last sync did not fail. */
  readonly settled: boolean;
  /** Health in Argo CD's words; `Unknown` if it reports none. */
  readonly health: string;
  /** Sync status in Argo CD's words; `Unknown` if it reports none. */
  readonly sync: string;
  /** What holds it up, one sentence each. */
  readonly causes: readonly string[];
}

export interface NodeStatus {
  readonly name: string;
  /** Absent if the node has no label for it. */
  readonly instanceType?: string;
  readonly ready: boolean;
}

export interface MeshStatus {
  readonly pods: number;
  readonly readyPods: number;
  /** What keeps nodes or servers out of the mesh. */
  readonly faults: readonly { readonly problem: string; readonly remedy: string }[];
}

export interface ServerStatus {
  /** Name of the workload. */
  readonly name: string;
  readonly replicas: number;
  readonly readyReplicas: number;
}

/** A model as it was planned. */
export interface ModelStatus {
  readonly pool: string;
  readonly name: string;
  /** Tokens of one request. */
  readonly contextLength: number;
  /** Requests at a time. */
  readonly parallel: number;
}

export interface UnreadSection {
  readonly section: StatusSection;
  readonly problem: string;
  readonly exitCode: FailureCode;
}
