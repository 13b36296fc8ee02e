import type { Fit } from '../sizing/fit-result';
import type { Gp3Volume } from '../sizing/gp3';
import type { PodResources } from '../sizing/pod-resources';
import type { ServerNeeds } from '../sizing/server-needs';
import type { ContainerImage } from './container-image';

/** Models on EBS volumes of type gp3, one for each server: survive the node, bound to a zone. */
export interface EbsModelCache {
  readonly kind: 'ebs';
  /**
   * What `modelVolume` proposes, or your own. A larger size and another performance are changed in place, once a server has
   * used the volume; a smaller size is refused by the API server.
   */
  readonly volume: Gp3Volume;
  /**
   * Zones that the volume may be in: those of the pool's nodes. A change creates new volumes, and keeps the old ones.
   * @default - the zone of whichever node the server is put on
   */
  readonly availabilityZones?: readonly string[];
  /**
   * KMS key that encrypts the volume (ARN, id or alias), known at synth. A change creates new volumes, and keeps the old ones.
   * @default - the account's default key for EBS
   */
  readonly kmsKeyId?: string;
  /**
   * Whether volumes and models survive when the workload is removed from the cluster. Changed in place.
   * @default - true where models cannot be pulled again (`modelPull: 'offline'`), else false
   */
  readonly retain?: boolean;
}

/**
 * Models on the node's own NVMe disks: fastest, in any zone. They survive a restart of the server, not the removal of
 * its pod: then they are pulled again. The nodes' ephemeral storage must lie on those disks (for AL2023, `RAID0` of its
 * `NodeConfig`), since a `restricted` namespace refuses a path of the host.
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/#localstoragestrategy
 */
export interface InstanceStoreModelCache {
  readonly kind: 'instance-store';
  /** Most that the models may take, in GiB; requested of the node, and the pod is evicted beyond it. */
  readonly sizeGiB: number;
}

/** Where a server keeps its models. */
export type ModelCache = EbsModelCache | InstanceStoreModelCache;

/** The Ollama servers on one pool of GPU nodes. */
export interface WorkloadPool {
  /** DNS label of at most 30 characters; servers of the pool `gpu` are called just `ollama`. */
  readonly name: string;
  /** `AL2023` needs NVIDIA's device plugin; `BOTTLEROCKET` brings its own. */
  readonly amiFamily: 'AL2023' | 'BOTTLEROCKET';
  /** Labels that the pool's nodes have and no others. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  /**
   * Servers (pods) of the pool when nobody has scaled it to zero. A pool of none is a spare one: its only server waits
   * for the pool's first node.
   */
  readonly replicas: number;
  /** The models of one server and how they fit; must fit, unless `allowCpu`. */
  readonly fit: Fit;
  /** What the server's environment must say for the fit to hold. */
  readonly needs: ServerNeeds;
  /** Resources of the server's container. */
  readonly resources: PodResources;
  readonly cache: ModelCache;
  /**
   * Whether a server is ready when part of a model is in main memory, where it is many times slower.
   * @default false
   */
  readonly allowCpu?: boolean;
}

/** All that the Ollama workload is made of. Static values only: what comes of it is rendered to Git. */
export interface WorkloadSpec {
  /** At least one. All serve the same models: the gateway takes any server for any request. */
  readonly pools: readonly WorkloadPool[];
  /** Budget of one request on every hop, in seconds; a server that has to go works on for as long. */
  readonly requestTimeoutSeconds: number;
  /** Requests that may wait per server beyond those being worked on; the gateway refuses further ones. */
  readonly maxWaiting: number;
  /** IPv4 range of the VPC; servers can't reach it. */
  readonly vpcCidr: string;
  /** IPv4 range of Services; servers can't reach it, name resolution aside. */
  readonly serviceCidr: string;
  /**
   * `online`: servers pull missing models from the registry over HTTPS, and delete at start those that they no longer serve.
   * `offline`: servers can reach nothing; their volumes hold the models already, and keep all of them.
   * @default 'online'
   */
  readonly modelPull?: 'online' | 'offline';
  /**
   * Request header by which requests of one session go to the same server, so that its prompt cache is warm; matters
   * with more than one server.
   * @default 'X-Claude-Code-Session-Id'
   */
  readonly sessionHeader?: string;
  /**
   * Gateway pods that share the cap on requests.
   * @default 2
   */
  readonly gatewayReplicas?: number;
  /** @default OLLAMA_IMAGE */
  readonly image?: ContainerImage;
  /**
   * Image with `sh` and `curl`, for the Job that proves that every model answers.
   * @default CURL_IMAGE
   */
  readonly proverImage?: ContainerImage;
}
