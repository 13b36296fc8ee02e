import { having, type Rule } from '../check-props';
import type { ITerraformDependable } from '../framework';
import type { Scraper } from '../workload/scraper';
import type { INetwork } from './network/network-ref';

/** Size of the servers of one GPU pool, as the gateway and the time budget need it. */
export interface ServedPool {
  /** Name of the pool. */
  readonly name: string;
  /** Number of Ollama servers (pods). */
  readonly replicas: number;
  /** Requests that one server processes at the same time (`OLLAMA_NUM_PARALLEL`). */
  readonly parallel: number;
}

/** An EKS cluster that GPU pools are added to. */
export interface IEksCluster {
  /** Name of the EKS cluster, known at synth. */
  readonly clusterName: string;
  /** AWS region, known at synth. */
  readonly region: string;
  /** Kubernetes minor version, e.g. `1.35`. */
  readonly kubernetesVersion: string;
  readonly network: INetwork;
  /** IPv4 range of Services, known at synth. */
  readonly serviceCidr: string;
  /** Id of the security group of the nodes, by default the one that EKS attaches to nodes and control plane; may be a token. */
  readonly clusterSecurityGroupId: string;
  /** Id of the security group of the control plane; may be a token. @default - `clusterSecurityGroupId` */
  readonly controlPlaneSecurityGroupId?: string;
  /** Security groups of the nodes; may be tokens. @default - the one that EKS attaches */
  readonly nodeSecurityGroupIds?: readonly string[];
  /** What must exist before EKS finds the cluster by its name; empty for an existing cluster. */
  readonly ready: readonly ITerraformDependable[];
}

/** A cluster that serves models, as the mesh, the exposure and the platform stack need to know it. */
export interface IOllamaGpuCluster extends IEksCluster {
  readonly pools: readonly ServedPool[];
  /** Time budget of one request on every hop, in seconds. */
  readonly requestTimeoutSeconds: number;
  /** Requests that may wait per server in addition to those in progress. */
  readonly maxWaiting: number;
  /** Request header of sessions. @default 'X-Claude-Code-Session-Id' */
  readonly sessionHeader?: string;
  /** Prometheus that scrapes the servers, the mesh and the gateway. @default - none */
  readonly scraper?: Scraper;
  /** Tags of every AWS object of the installation. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a cluster that serves models must be, for callers without types: an `ExistingEksCluster` has no servers. */
export const SERVING_CLUSTER: Rule = {
  ...having(
    ['clusterName', 'region', 'network', 'clusterSecurityGroupId', 'pools', 'requestTimeoutSeconds', 'maxWaiting'],
    'an OllamaGpuCluster or OllamaGpuPools',
  ),
  remedy: 'pass one of these: on an existing cluster, OllamaGpuPools creates the servers',
};
