import type { ITerraformDependable } from '../framework';
import type { INetwork } from './network/network-ref';

/** How the server of one GPU pool is sized: what the gateway and the time budget have to know of it. */
export interface ServedPool {
  /** Name of the pool. */
  readonly name: string;
  /** Ollama servers (pods). */
  readonly replicas: number;
  /** Requests that one server works on at a time (`OLLAMA_NUM_PARALLEL`). */
  readonly parallel: number;
}

/** A cluster that serves models: what the mesh, the exposure and the platform stack have to know of it. */
export interface IOllamaGpuCluster {
  /** Name of the EKS cluster, known at synth. */
  readonly clusterName: string;
  /** AWS region, known at synth. */
  readonly region: string;
  /** Kubernetes minor version, e.g. `1.35`. */
  readonly kubernetesVersion: string;
  readonly network: INetwork;
  /** IPv4 range of Services, known at synth. */
  readonly serviceCidr: string;
  /** The security group that EKS puts on nodes and control plane; may be a token. */
  readonly clusterSecurityGroupId: string;
  readonly pools: readonly ServedPool[];
  /** Budget of one request, in seconds, on every hop. */
  readonly requestTimeoutSeconds: number;
  /** Requests that may wait per server beyond those being worked on. */
  readonly maxWaiting: number;
  /** Request header of sessions. @default 'X-Claude-Code-Session-Id' */
  readonly sessionHeader?: string;
  /** What must exist before EKS knows the cluster by its name; empty for a cluster made elsewhere. */
  readonly ready: readonly ITerraformDependable[];
  /** Tags that every AWS object of the installation carries. */
  readonly tags: Readonly<Record<string, string>>;
}
