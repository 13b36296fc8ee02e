import type { GpuInstanceType } from '../../catalogue/gpu-instance-type';
import type { KvCacheType } from '../../sizing/kv-cache';
import type { OllamaModel } from '../../sizing/served-model';
import type { WorkloadPool } from '../../workload/workload-spec';
import type { ServedPool } from '../cluster-ref';
import type { Capacity } from './capacity';
import type { PoolZone, ZoneContext } from './pool-zone';
import type { RootVolume, RootVolumeProps } from './root-volume';
import type { WarmPool, WarmPoolProps } from './warm-pool';

/** Operating system of GPU nodes. `AL2023` needs NVIDIA's device plugin in the cluster, `BOTTLEROCKET` includes its own. */
export type AmiFamily = 'AL2023' | 'BOTTLEROCKET';

/** Use of the instance's NVMe disks. @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/#localstoragestrategy */
export type LocalStorage = 'RAID0' | 'Mount';

/**
 * Storage of a pool's models.
 *
 * An EBS volume outlives every change here: settings are changed in place where possible, and where a change needs a new volume, the
 * old claim stays in the cluster until you delete it (docs/UPGRADE.md, "Volumes of models"). Other models, tags, `iops` and
 * `throughput` never need a new volume. A claim that no server has used yet cannot be changed at all; delete it, and it is created again.
 */
export interface ModelCacheProps {
  /**
   * `ebs`: a gp3 volume per server, which outlives the node and ties the pool to a zone.
   * `instance-store`: the node's own NVMe disks, which are fastest but lost with the node; models are then pulled again.
   * After a change, models are pulled again; an EBS volume stays until you delete its claim.
   * @default 'ebs'
   */
  readonly kind?: 'ebs' | 'instance-store';
  /**
   * Size in GiB. An increase is applied in place while servers run. The API server refuses a decrease: Kubernetes
   * cannot shrink a volume.
   * @default - `ebs`: twice the GPU memory of the instance type, rounded up to a power of two, so that other
   * models never need another volume; `instance-store`: the size of the models, with room for one update
   */
  readonly sizeGiB?: number;
  /**
   * I/O operations per second of the volume; `ebs` only. Changed in place; EBS allows only a few changes of a volume within hours.
   * @see https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html
   * @default - what `throughput` needs
   */
  readonly iops?: number;
  /**
   * Throughput of the volume in MiB/s; `ebs` only. Changed in place, like `iops`.
   * @default - what the instance type can use, at most 1000
   */
  readonly throughput?: number;
  /**
   * ARN of the KMS key that encrypts the volume, in the cluster's region, known at synth; `ebs` only. A change creates new
   * volumes, to which the models are pulled, and keeps the old volumes.
   * @default - the account's key for EBS
   */
  readonly kmsKeyArn?: string;
  /**
   * Whether volume and models outlive the workload; `ebs` only. Changed in place. `HelmDelivery` deletes the namespace and
   * everything in it at destroy.
   * @default - true with `modelPull: 'offline'`, otherwise false
   */
  readonly retain?: boolean;
}

/**
 * A pool of GPU nodes. All pools serve all models; the order of the list is the order of preference, which decides the defaults
 * of `replicas` and `initialSize` and nothing else.
 */
export interface GpuPoolProps {
  /**
   * Name (`g5.12xlarge`), or the figures of an instance type that is not listed. A change replaces the nodes. If the amount of
   * GPU memory changes, new model volumes are created and the old ones are kept.
   */
  readonly instanceType: string | GpuInstanceType;
  /**
   * DNS label of at most 30 characters: the identity of the pool, whatever its place in a list. A change deletes the nodes and
   * creates others, with new model volumes; the old volumes are kept.
   * @default - `gpu` for a single pool; required in a list of several
   */
  readonly name?: string;
  /**
   * Zone of the nodes, one of the network's: its name, `us-west-2b`, or its place, from 0, where names are known only at
   * apply: 1 is the second. A plan checks that it offers the instance type, if the network names its zones. A change
   * replaces the nodes and creates new model volumes in the new zone; the old ones are kept.
   * @default 0
   */
  readonly zone?: string | number;
  /** Purchase option of the nodes. A change replaces them. @default Capacity.ON_DEMAND */
  readonly capacity?: Capacity;
  /** Operating system of the nodes. A change replaces them. @default 'AL2023' */
  readonly amiFamily?: AmiFamily;
  /**
   * Release of the AMI: `1.35.4-20260818` for AL2023, `1.47.0-6154605b` for Bottlerocket. A change replaces the nodes one by one.
   * @default - the newest release at creation; kept until the Kubernetes version changes
   */
  readonly releaseVersion?: string;
  /**
   * Root volume of the nodes. A change replaces them one by one.
   * @default - 100 GiB, as fast as the instance type can use, at most 500 MiB/s, or 1000 with `fastImagePull` if containers are on it
   */
  readonly rootVolume?: RootVolumeProps;
  /**
   * Whether nodes pull images with `FastImagePull` of nodeadm, in parallel parts; AL2023 only. Containers must be on a root volume
   * with at least 600 MiB/s, or on the instance's own disks (`RAID0`): on slower disks, pulls may take longer. nodeadm calls it
   * experimental, and a pull uses more CPU, memory and throughput. What it gains for Ollama's image, which is one layer, was not
   * measured. A change replaces the nodes one by one.
   * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/doc/examples.md#enabling-fast-image-pull-experimental
   * @default false
   */
  readonly fastImagePull?: boolean;
  /**
   * Use of the instance's NVMe disks: `RAID0` puts containers, pod logs and pods' temporary files on one
   * array, `Mount` mounts each disk under `/mnt/k8s-disks` (AL2023 only). A change replaces the nodes.
   * @default - 'RAID0' with an instance-store cache, otherwise the disks are not used
   */
  readonly localStorage?: LocalStorage;
  /**
   * Whether nodes have Elastic Fabric Adapter: one interface per network card, in a cluster placement group unless capacity is
   * reserved. Serving on a single node does not use it. A change replaces the nodes.
   * @default false
   */
  readonly efa?: boolean;
  /** Whether EKS replaces nodes whose GPU or kubelet has failed. @default true */
  readonly repair?: boolean;
  /**
   * Number of servers (pods). A change from one to several, or back, creates new model volumes and keeps the old ones.
   * @default - 1 for the first pool; 0 for the others, which are on standby until they are scaled up
   */
  readonly replicas?: number;
  /** GPUs per server. A change restarts the servers. @default - the fewest that hold all models */
  readonly gpusPerReplica?: number;
  /** Minimum number of nodes. @default 0 */
  readonly minSize?: number;
  /** Maximum number of nodes. @default - what the replicas need, at least 1 */
  readonly maxSize?: number;
  /**
   * Number of nodes at creation; `ollama-eks deploy` requests those of a first installation once the mesh is up. Afterward the
   * size is changed by scaling only; a change of this property has no effect.
   * @default - what the replicas need if capacity is likely available (on-demand G types in the first pool), otherwise 0
   */
  readonly initialSize?: number;
  /**
   * Stops nodes that are not needed instead of terminating them, so that the pool resumes sooner; AL2023 and on-demand capacity only, and
   * nothing on the local disks. `{}` enables it. Added and removed in place; a removal terminates the stopped nodes.
   * @default - none: every node is a new one
   */
  readonly warmPool?: WarmPoolProps;
  /** Price of a node in USD per hour, for Spot, a Capacity Block, or another region. @default - the on-demand list price */
  readonly pricePerHour?: number;
  /**
   * Additional taints of the nodes. Servers do not tolerate them, so something must remove them: an `AmbientMesh` with
   * `cniTaint` removes `{ key: 'cni.istio.io/not-ready', value: 'true', effect: 'NO_SCHEDULE' }` when the mesh is ready on
   * the node.
   * @default - none
   */
  readonly startupTaints?: readonly NodeTaint[];
  /** Additional labels of the nodes. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Whether a server may keep part of its models in main memory, where answers are many times slower. Models that
   * do not fit are then a warning, not an error, and do not keep a server from being ready. A change restarts the servers.
   * @default false
   */
  readonly allowCpu?: boolean;
  /**
   * Storage of the models. A change between a volume and instance store replaces the nodes.
   * @default - an EBS volume with the size and speed that the instance type can use
   */
  readonly cache?: ModelCacheProps;
}

/** A node taint, in the notation of EKS. */
export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NO_SCHEDULE' | 'NO_EXECUTE' | 'PREFER_NO_SCHEDULE';
}

/** What all pools have in common. */
export interface PoolContext extends ZoneContext {
  readonly models: readonly OllamaModel[];
  /** Kubernetes minor version: `1.35`. */
  readonly kubernetesVersion: string;
  readonly kvCacheType?: KvCacheType;
  /** Whether the nodes run exporters of metrics. @default false */
  readonly telemetry?: boolean;
  /** Tags of model volumes, known at synth. @default - only those that the CSI driver adds */
  readonly volumeTags?: Readonly<Record<string, string>>;
}

/** A fully resolved GPU pool: input of its nodes and of the workload. */
export interface GpuPool extends ServedPool, WorkloadPool, PoolZone {
  readonly instance: GpuInstanceType;
  readonly capacity: Capacity;
  readonly releaseVersion?: string;
  readonly rootVolume: RootVolume;
  readonly localStorage?: LocalStorage;
  readonly fastImagePull: boolean;
  readonly efa: boolean;
  readonly repair: boolean;
  /** GPUs per server. */
  readonly gpusPerReplica: number;
  readonly replicasPerNode: number;
  /** Number of nodes that the replicas need. */
  readonly nodes: number;
  readonly minSize: number;
  readonly maxSize: number;
  /** Number of nodes at creation. */
  readonly initialSize: number;
  /** Undefined if nodes are terminated when the pool is scaled in. */
  readonly warmPool?: WarmPool;
  /** Price of a node in USD per hour; undefined if it is not known. */
  readonly pricePerHour?: number;
  /** All labels that the node group sets; `nodeLabels` holds those that distinguish this pool. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}
