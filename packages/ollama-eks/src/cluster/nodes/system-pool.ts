import { systemInstanceType, type SystemInstanceType } from '../../catalogue/system-instance-type';
import { checkInteger } from '../../check-integer';
import { ValidationError } from '../../errors';
import { GP3_LIMITS } from '../../sizing/gp3';
import { checkAmiRelease } from './ami-release';
import { type RootVolume, rootVolume, type RootVolumeProps } from './root-volume';

/** Pool for everything that does not need a GPU: CoreDNS, controllers, Argo CD, istiod, the gateway. It has no taint. */
export interface SystemPoolProps {
  /** Name (`m7i.large`), or the figures of an instance type that is not listed. A change replaces the nodes. @default 'm7i.large' */
  readonly instanceType?: string | SystemInstanceType;
  /** Number of nodes at creation. With `observability.metrics: 'prometheus'`, they need 16 GiB of memory in all. @default 2 */
  readonly size?: number;
  /** Minimum number of nodes. @default - `size` */
  readonly minSize?: number;
  /** Maximum number of nodes. @default - twice `size` */
  readonly maxSize?: number;
  /** Root volume of the nodes. A change replaces them one by one. @default - 50 GiB, 3000 I/O operations per second, 125 MiB/s */
  readonly rootVolume?: RootVolumeProps;
  /** Release of the AMI: `1.35.4-20260818`. A change replaces the nodes one by one. @default - the newest release at creation */
  readonly releaseVersion?: string;
}

/** The system pool, with every default filled in. */
export interface SystemPool {
  readonly instance: SystemInstanceType;
  readonly size: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly rootVolume: RootVolume;
  readonly releaseVersion?: string;
}

const DEFAULT_TYPE = 'm7i.large';
const DEFAULT_SIZE = 2;
const MOST_NODES = 100;
/** istiod alone requests 2 GiB; with Argo CD, CoreDNS and the controllers, smaller nodes are full from the start. */
const LEAST_MEMORY_GIB = 8;
/** Of all nodes together, if they also run Prometheus, which may use 2 GiB, and Grafana. */
const LEAST_MEMORY_WITH_PROMETHEUS_GIB = 16;
const ROOT_VOLUME = { sizeGiB: 50, throughput: GP3_LIMITS.throughput.min };

/** Fills in the defaults; refuses nodes that cannot run the installation. */
export function planSystemPool(
  props: SystemPoolProps = {},
  kubernetesVersion: string,
  { prometheus = false }: { readonly prometheus?: boolean } = {},
): SystemPool {
  const instance = systemInstanceType(props.instanceType ?? DEFAULT_TYPE, 'system.instanceType');
  if (instance.memoryGiB < LEAST_MEMORY_GIB) {
    throw new ValidationError({
      property: 'system.instanceType',
      value: instance.name,
      problem: `has ${instance.memoryGiB} GiB, too little for istiod, Argo CD and the controllers`,
      allowed: `at least ${LEAST_MEMORY_GIB} GiB, such as ${DEFAULT_TYPE}`,
      remedy: 'choose a larger type',
    });
  }
  const size = checkInteger('system.size', props.size ?? DEFAULT_SIZE, { min: 1, max: MOST_NODES, unit: 'nodes' });
  if (prometheus && size * instance.memoryGiB < LEAST_MEMORY_WITH_PROMETHEUS_GIB) {
    throw new ValidationError({
      property: 'system.size',
      value: size,
      problem: `gives ${size * instance.memoryGiB} GiB in all, too little for Prometheus and Grafana next to istiod and Argo CD`,
      allowed: `at least ${LEAST_MEMORY_WITH_PROMETHEUS_GIB} GiB in all, such as two ${DEFAULT_TYPE}`,
      remedy: 'add a node or choose a larger type, or use observability.metrics: "existing"',
    });
  }
  checkAmiRelease('system.releaseVersion', props.releaseVersion, 'AL2023', kubernetesVersion);
  return {
    instance,
    size,
    minSize: checkInteger('system.minSize', props.minSize ?? size, { min: 0, max: size, unit: 'nodes' }),
    maxSize: checkInteger('system.maxSize', props.maxSize ?? 2 * size, { min: size, max: MOST_NODES, unit: 'nodes' }),
    rootVolume: rootVolume(props.rootVolume, ROOT_VOLUME, undefined, 'system.rootVolume'),
    releaseVersion: props.releaseVersion,
  };
}
