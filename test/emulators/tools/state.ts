/** State outside of Konnect, as plain JSON, which the executables keep in a file between calls. */
export interface ToolState {
  /** By name of the folder. */
  readonly stacks: Record<string, StackState>;
  readonly aws: {
    account: string;
    /** Status by principal. */
    readonly sharePrincipals: Record<string, string>;
    readonly volumes: { VolumeId: string; Size: number; State: string; cluster: string }[];
    readonly loadBalancers: { arn: string; cluster: string }[];
    readonly logGroups: string[];
    readonly addresses: { AllocationId: string; PublicIp: string; cluster: string }[];
    readonly snapshots: { SnapshotId: string; VolumeSize: number; cluster: string }[];
    readonly keys: { arn: string; state: string; deletion?: string; cluster: string }[];
    readonly quotas: Record<string, number>;
    /** Zones by instance type; any other type is offered in a and b. */
    readonly offerings: Record<string, string[]>;
    /** What EKS finds that keeps a cluster from an upgrade. */
    readonly upgradeErrors: { kubernetesVersion: string; reason: string }[];
    /** By name; those of a pool run a server for it, if they have nodes. */
    readonly nodeGroups: Record<
      string,
      {
        desiredSize: number;
        maxSize: number;
        minSize: number;
        version?: string;
        pool?: string;
        /** Unix time in milliseconds; undefined for a group that no test created. */
        createdAt?: number;
        /** When its Auto Scaling group launched nodes. */
        launches?: number[];
      }
    >;
    /** Pools that request nodes and get none. */
    readonly withoutCapacity: string[];
  };
  /** When the platform was applied, from which on Applications become healthy, and the mesh within minutes. */
  platformSince: number | undefined;
  /** Applications whose sync fails as long as there is a reason. Argo CD retries it. */
  readonly stuck: Record<string, string>;
  /** Applications whose source Argo CD cannot read, with the reason: nothing is synced. */
  readonly unreadable: Record<string, string>;
  /** Applications that Argo CD has given up on, until a sync is started. */
  readonly givenUp: string[];
  /** Applications whose sync of an older source continues until it is terminated. */
  readonly olderSyncs: string[];
  /** Number of servers that the workload asks for, all of which are ready. */
  servers: number;
  readonly git: {
    /** Files of the project that Git tracks; undefined outside a repository. */
    tracked: string[] | undefined;
    /** Tags and branches of repositories that can be read. */
    readonly refs: Record<string, string[]>;
  };
  readonly github: {
    readonly environments: string[];
    readonly variables: Record<string, string>;
    /** Lengths only: the stand-in must not leak the values. */
    readonly secrets: Record<string, number>;
    runs: number;
  };
}

export interface StackState {
  resources: string[];
  /** Applied arguments, by address. */
  attributes?: Record<string, unknown>;
  /** Resources whose creation failed: they are replaced. */
  tainted?: string[];
  /** Number of applies; a plan for an earlier one is stale. */
  serial?: number;
  /** Outputs of the last apply. */
  applied: string;
}

/** A recorded call. */
export interface ToolCall {
  readonly tool: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input?: string | undefined;
  readonly cwd?: string | undefined;
}

export interface ToolAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function newToolState(): ToolState {
  return {
    stacks: {},
    aws: {
      account: '111122223333',
      sharePrincipals: {},
      volumes: [],
      loadBalancers: [],
      logGroups: [],
      addresses: [],
      snapshots: [],
      keys: [],
      quotas: {},
      offerings: {},
      upgradeErrors: [],
      nodeGroups: {},
      withoutCapacity: [],
    },
    platformSince: undefined,
    stuck: {},
    unreadable: {},
    givenUp: [],
    olderSyncs: [],
    servers: 2,
    git: {
      tracked: [],
      refs: { 'https://github.com/acme/platform': ['refs/tags/v1.4.0', 'refs/heads/main', 'refs/heads/fix/v1.5.0'] },
    },
    github: { environments: [], variables: {}, secrets: {}, runs: 0 },
  };
}

export const answer = (value: unknown): ToolAnswer => ({
  exitCode: 0,
  stdout: value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value),
  stderr: '',
});

export const failure = (stderr: string, exitCode = 1): ToolAnswer => ({ exitCode, stdout: '', stderr });

/** Returns the value of an option: `--name value`. */
export function option(args: readonly string[], name: string): string | undefined {
  const index = args.indexOf(name);
  return index < 0 ? undefined : args[index + 1];
}
