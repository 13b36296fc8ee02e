import type { GpuInstanceType } from '../../catalogue/gpu-instance-type';
import type { KvCacheType } from '../../sizing/kv-cache';
import type { OllamaModel } from '../../sizing/served-model';
import type { WorkloadPool } from '../../workload/workload-spec';
import type { ServedPool } from '../cluster-ref';
import type { Capacity } from './capacity';
import type { RootVolume, RootVolumeProps } from './root-volume';

/** Operating system of GPU nodes. `AL2023` leaves NVIDIA's device plugin to the cluster, `BOTTLEROCKET` brings its own. */
export type AmiFamily = 'AL2023' | 'BOTTLEROCKET';

/** What is done with NVMe disks. @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/#localstoragestrategy */
export type LocalStorage = 'RAID0' | 'Mount';

/**
 * Where a pool keeps its models.
 *
 * An EBS volume outlives every change here: what can be changed in place is, and where a change needs a new volume, the claim of
 * the old one stays in the cluster until you delete it (docs/UPGRADE.md, "Volumes of models"). Other models, tags, `iops` and
 * `throughput` never need one. A claim that no server has used yet cannot be changed at all; delete it, and it is created anew.
 */
export interface ModelCacheProps {
  /**
   * `ebs`: a gp3 volume per server, which survives the node and binds it to a zone.
   * `instance-store`: the node's own NVMe disks, fastest, lost with the node, after which models are pulled again.
   * A change leaves the models of the other kind behind: they are pulled again.
   * @default 'ebs'
   */
  readonly kind?: 'ebs' | 'instance-store';
  /**
   * Size in GiB. A larger one is changed in place, the servers running. A smaller one is refused by the API server: Kubernetes
   * cannot shrink a volume.
   * @default - `ebs`: room for whatever fits the GPUs of the instance type, twice, rounded up to a power of two, so that other
   * models never need another volume; `instance-store`: from the models, with room for one update
   */
  readonly sizeGiB?: number;
  /**
   * Operations per second of the volume; `ebs` only. Changed in place; EBS allows few changes of a volume within hours.
   * @see https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html
   * @default - what `throughput` needs
   */
  readonly iops?: number;
  /**
   * Throughput of the volume in MiB/s; `ebs` only. Changed in place, as `iops`.
   * @default - what the instance type can use, 1000 at most
   */
  readonly throughput?: number;
  /**
   * ARN of the KMS key that encrypts the volume, of the cluster's region, known at synth; `ebs` only. A change creates new
   * volumes, to which the models are pulled, and keeps the old ones.
   * @default - the account's key for EBS
   */
  readonly kmsKeyArn?: string;
  /**
   * Whether volume and models survive the removal of the workload; `ebs` only. Changed in place. `HelmDelivery` deletes the
   * namespace at destroy, and what is in it.
   * @default - true with `modelPull: 'offline'`, else false
   */
  readonly retain?: boolean;
}

/** A pool of GPU nodes. All pools serve all models; the order of the list is the order of preference. */
export interface GpuPoolProps {
  /**
   * Name (`g5.12xlarge`), or the figures of a type that isn't listed. A change replaces the nodes. GPU memory of another size
   * creates new volumes of models, and keeps the old ones.
   */
  readonly instanceType: string | GpuInstanceType;
  /** DNS label of at most 30 characters. @default - `gpu` for the first pool, `gpu-2`, `gpu-3`… for the others */
  readonly name?: string;
  /**
   * Zone of the nodes, one of the network's: `us-west-2b`. Whether it offers the instance type is checked at plan. A change
   * replaces the nodes, and creates new volumes of models in the new zone; the old ones are kept.
   * @default - the network's first zone for the first pool, the second for the second…; required beyond the last
   */
  readonly zone?: string;
  /** @default Capacity.ON_DEMAND */
  readonly capacity?: Capacity;
  /** @default 'AL2023' */
  readonly amiFamily?: AmiFamily;
  /**
   * Release of the AMI: `1.35.4-20260818` for AL2023, `1.47.0-6154605b` for Bottlerocket. A change replaces the nodes one by one.
   * @default - the newest release at creation; kept until the Kubernetes version changes
   */
  readonly releaseVersion?: string;
  /** Root volume of the nodes. @default - 100 GiB; as fast as the instance type can use, 500 MiB/s at most */
  readonly rootVolume?: RootVolumeProps;
  /**
   * What is done with the instance's NVMe disks: `RAID0` puts containers, pod logs and pods' temporary files on one
   * array, `Mount` mounts each disk under `/mnt/k8s-disks` (AL2023 only).
   * @default - 'RAID0' with an instance-store cache, else the disks are left alone
   */
  readonly localStorage?: LocalStorage;
  /**
   * Elastic Fabric Adapter: one interface per network card, in a cluster placement group unless capacity is reserved. Serving
   * on one node has no use for it.
   * @default false
   */
  readonly efa?: boolean;
  /** Whether EKS replaces nodes whose GPU or kubelet has failed. @default true */
  readonly repair?: boolean;
  /**
   * Servers (pods). Between one and several, and back, new volumes of models are created, and the old ones kept.
   * @default - 1 for the first pool; 0 for the others, which stand by until they are scaled up
   */
  readonly replicas?: number;
  /** GPUs of one server. @default - the fewest that hold all models */
  readonly gpusPerReplica?: number;
  /** Fewest nodes. @default 0 */
  readonly minSize?: number;
  /** Most nodes. @default - what the replicas need, at least 1 */
  readonly maxSize?: number;
  /**
   * Nodes at creation; later the size belongs to whoever scales.
   * @default - what the replicas need where capacity is likely there (on-demand G types in the first pool), else 0
   */
  readonly initialSize?: number;
  /** What a node costs, in USD per hour: Spot, a Capacity Block, another region. @default - the on-demand list price */
  readonly pricePerHour?: number;
  /**
   * Further taints of the nodes. Servers don't tolerate them, so something has to take them off again: of
   * `{ key: 'cni.istio.io/not-ready', value: 'true', effect: 'NO_SCHEDULE' }`, an `AmbientMesh` with `cniTaint` does when
   * the mesh is ready on the node.
   * @default - none
   */
  readonly startupTaints?: readonly NodeTaint[];
  /** Further labels of the nodes. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Whether a server may keep part of its models in main memory, where answers are many times slower: then models that
   * don't fit are a warning, not an error, and a server is ready all the same.
   * @default false
   */
  readonly allowCpu?: boolean;
  /** Where the models are kept. @default - an EBS volume with the size and speed that the instance type can use */
  readonly cache?: ModelCacheProps;
}

/** A taint of nodes, as EKS writes it. */
export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NO_SCHEDULE' | 'NO_EXECUTE' | 'PREFER_NO_SCHEDULE';
}

/** What pools have in common. */
export interface PoolContext {
  readonly models: readonly OllamaModel[];
  readonly region: string;
  /** `1.35`. */
  readonly kubernetesVersion: string;
  readonly zoneCount: number;
  /** Zones of the network, where they are known at synth. */
  readonly zones?: readonly string[];
  /** Whether the network tells its zones at all, if only at plan. */
  readonly zonesTold: boolean;
  readonly kvCacheType?: KvCacheType;
}

/** A pool of GPU nodes with everything resolved: what the nodes are made from, and what a workload is made from. */
export interface GpuPool extends ServedPool, WorkloadPool {
  readonly instance: GpuInstanceType;
  /** Name of the zone; undefined where Terraform finds it: then it is the network's at `zoneIndex`. */
  readonly zone?: string;
  /** Place of the pool's zone among the network's; undefined where the zone is named. */
  readonly zoneIndex?: number;
  readonly capacity: Capacity;
  readonly releaseVersion?: string;
  readonly rootVolume: RootVolume;
  readonly localStorage?: LocalStorage;
  readonly efa: boolean;
  readonly repair: boolean;
  /** GPUs of one server. */
  readonly gpusPerReplica: number;
  readonly replicasPerNode: number;
  /** Nodes that the replicas need. */
  readonly nodes: number;
  readonly minSize: number;
  readonly maxSize: number;
  /** Nodes at creation. */
  readonly initialSize: number;
  /** USD per hour of a node; undefined where it isn't known. */
  readonly pricePerHour?: number;
  /** All labels that the node group sets; `nodeLabels` are those that only this pool has. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}
