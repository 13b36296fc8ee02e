import type { Fit } from '../sizing/fit-result';
import type { Gp3Volume } from '../sizing/gp3';
import type { PodResources } from '../sizing/pod-resources';
import type { ServerNeeds } from '../sizing/server-needs';
import type { ContainerImage } from './container-image';
import type { Scraper } from './scraper';

/** Models on EBS volumes of type gp3, one for each server. They survive the node, and are bound to a zone. */
export interface EbsModelCache {
  readonly kind: 'ebs';
  /**
   * Size and performance of the volume, as proposed by `modelVolume` or your own. A larger size and a different performance
   * are applied in place, once a server has used the volume. The API server refuses a smaller size.
   */
  readonly volume: Gp3Volume;
  /**
   * Zones of the volumes: those of the pool's nodes. A change creates new volumes, and keeps the old ones.
   * @default - the zone of the node that runs the server
   */
  readonly availabilityZones?: readonly string[];
  /**
   * Place of the nodes' zone in the network, from 0, if its name is not known at synth. A change creates new volumes, and keeps
   * the old ones.
   * @default 0
   */
  readonly zoneIndex?: number;
  /**
   * KMS key that encrypts the volume (ARN, ID or alias), known at synth. A change creates new volumes, and keeps the old ones.
   * @default - the account's default key for EBS
   */
  readonly kmsKeyId?: string;
  /**
   * Tags of the volume, in addition to those that the CSI driver adds to every volume; known at synth. A change creates new
   * volumes, and keeps the old ones.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Whether volumes and models survive when the workload is removed from the cluster. Changed in place.
   * @default - true with `modelPull: 'offline'`, since models could not be pulled again; otherwise false
   */
  readonly retain?: boolean;
}

/**
 * Models on the node's own NVMe disks: the fastest, in any zone. They survive a restart of the server. When its pod is
 * removed, they are pulled again. The nodes' ephemeral storage must be on those disks (for AL2023, `RAID0` in its
 * `NodeConfig`), since a `restricted` namespace does not allow host paths.
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/#localstoragestrategy
 */
export interface InstanceStoreModelCache {
  readonly kind: 'instance-store';
  /** Maximum size of the models, in GiB. It is requested from the node, and the pod is evicted beyond it. */
  readonly sizeGiB: number;
}

/** Storage of a server's models. */
export type ModelCache = EbsModelCache | InstanceStoreModelCache;

/** The Ollama servers on one pool of GPU nodes. */
export interface WorkloadPool {
  /** DNS label of at most 30 characters; servers of the pool `gpu` are named `ollama`. */
  readonly name: string;
  /** Operating system of the nodes: `AL2023` needs NVIDIA's device plugin; `BOTTLEROCKET` includes its own. */
  readonly amiFamily: 'AL2023' | 'BOTTLEROCKET';
  /** Labels that only the pool's nodes have. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  /**
   * Number of servers (pods) while the pool is not scaled to zero. A pool of 0 is a spare: its only server waits for the
   * pool's first node.
   */
  readonly replicas: number;
  /** Models of one server and how they fit; they must fit unless `allowCpu` is set. */
  readonly fit: Fit;
  /** Settings of the server on which the fit depends. */
  readonly needs: ServerNeeds;
  /** Resources of the server's container. */
  readonly resources: PodResources;
  readonly cache: ModelCache;
  /**
   * Whether a server is ready when part of a model is in main memory, where it runs many times slower.
   * @default false
   */
  readonly allowCpu?: boolean;
}

/**
 * How models get to the servers' volumes:
 * - `online`: servers pull missing models over HTTPS. At start, they delete models that they no longer serve.
 * - `job`: servers have no egress. For each server, a Job pulls missing models, on the same node and to the same volume. The next
 *   Job deletes models that are no longer served. Requires volumes on EBS.
 * - `offline`: servers have no egress. Their volumes must already contain the models, and keep all of them.
 */
export type ModelPull = (typeof MODEL_PULLS)[number];
export const MODEL_PULLS = ['online', 'job', 'offline'] as const;

/** Specification of the Ollama workload. Static values only, since the result is rendered to Git. */
export interface WorkloadSpec {
  /** Pools of servers, at least one. All serve the same models, since the gateway may send a request to any server. */
  readonly pools: readonly WorkloadPool[];
  /** Budget of one request on every hop, in seconds. A server that stops finishes its requests for as long. */
  readonly requestTimeoutSeconds: number;
  /** Number of requests that may wait per server, in addition to those in progress; the gateway refuses more. */
  readonly maxWaiting: number;
  /** IPv4 range of the VPC; servers cannot reach it. */
  readonly vpcCidr: string;
  /** IPv4 range of Services; servers cannot reach it, except for name resolution. */
  readonly serviceCidr: string;
  /** @default 'online' */
  readonly modelPull?: ModelPull;
  /**
   * IPv4 ranges of the registries from which models are pulled, such as a mirror in the VPC. Other addresses cannot be reached.
   * @default - the internet without private networks, since registry.ollama.ai has no fixed addresses
   */
  readonly registryCidrs?: readonly string[];
  /**
   * Request header by which all requests of a session go to the same server, where its prompt is cached, in addition to the
   * headers of Claude Code, Codex and OpenCode. It has an effect with more than one server.
   * @default 'X-Claude-Code-Session-Id'
   */
  readonly sessionHeader?: string;
  /**
   * Number of gateway pods that share the limit on requests.
   * @default 2
   */
  readonly gatewayReplicas?: number;
  /**
   * Prometheus that scrapes the servers, each of which then has an exporter.
   * @default - none: servers have no metrics
   */
  readonly scraper?: Scraper;
  /**
   * Whether to install NVIDIA's device plugin for nodes of AL2023, whose image does not include it.
   * @default true
   */
  readonly installDevicePlugin?: boolean;
  /** @default OLLAMA_IMAGE */
  readonly image?: ContainerImage;
  /**
   * Image with `sh` and `curl` for the Job that proves that models answer.
   * @default CURL_IMAGE
   */
  readonly proverImage?: ContainerImage;
}
