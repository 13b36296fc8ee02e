/** What each prop of GPU pools and their servers must be, for callers without types. */
import {
  either,
  FLAG,
  having,
  listOf,
  NUMBER,
  OBJECT,
  oneOrMore,
  recordOf,
  required,
  type Shape,
  shapeOf,
  TEXT,
} from '../check-props';
import { OBSERVABILITY } from '../observability/check-observability';
import type { OllamaModel } from '../sizing/served-model';
import type { ContainerImage, PublishedImage } from '../workload/container-image';
import { INSTANCE, ROOT_VOLUME } from './cluster-rules';
import type { NightScheduleProps } from './guardrails/night-schedule';
import type { PoolChecksProps } from './guardrails/pool-checks';
import type { ModelServingProps } from './model-serving-props';
import type { GpuPoolProps, ModelCacheProps, NodeTaint } from './nodes/gpu-pool';
import type { WarmPoolProps } from './nodes/warm-pool';

const TAGS = recordOf(TEXT);
/** `OLLAMA_IMAGE` has a source too. */
const IMAGE = shapeOf<ContainerImage & Partial<PublishedImage>>({
  repository: required(TEXT),
  tag: required(TEXT),
  digest: TEXT,
  source: OBJECT,
});

const POOL = shapeOf<GpuPoolProps>({
  instanceType: required(INSTANCE),
  name: TEXT,
  zone: either(TEXT, NUMBER),
  capacity: having(['kind'], 'a Capacity, such as Capacity.SPOT'),
  amiFamily: TEXT,
  releaseVersion: TEXT,
  rootVolume: ROOT_VOLUME,
  fastImagePull: FLAG,
  localStorage: TEXT,
  efa: FLAG,
  repair: FLAG,
  replicas: NUMBER,
  gpusPerReplica: NUMBER,
  minSize: NUMBER,
  maxSize: NUMBER,
  initialSize: NUMBER,
  warmPool: shapeOf<WarmPoolProps>({ maxGroupPreparedCapacity: NUMBER }),
  pricePerHour: NUMBER,
  startupTaints: listOf(shapeOf<NodeTaint>({ key: required(TEXT), value: required(TEXT), effect: required(TEXT) })),
  labels: TAGS,
  allowCpu: FLAG,
  cache: shapeOf<ModelCacheProps>({
    kind: TEXT,
    sizeGiB: NUMBER,
    iops: NUMBER,
    throughput: NUMBER,
    kmsKeyArn: TEXT,
    retain: FLAG,
  }),
});

/** Checks of pools. */
export const POOL_CHECKS_SHAPE: Shape<PoolChecksProps> = { quotaCheck: FLAG, offeringCheck: FLAG };

/** Props of pools and servers. */
export const MODEL_SERVING_SHAPE: Shape<ModelServingProps> = {
  gpu: required(oneOrMore(POOL)),
  models: required(
    listOf(
      shapeOf<OllamaModel>({
        name: required(TEXT),
        contextLength: required(NUMBER),
        parallel: NUMBER,
        digest: TEXT,
        figures: OBJECT,
      }),
    ),
  ),
  kvCacheType: TEXT,
  modelPull: TEXT,
  registryCidrs: listOf(TEXT),
  image: IMAGE,
  proverImage: IMAGE,
  sessionHeader: TEXT,
  requestTimeoutSeconds: NUMBER,
  maxWaiting: NUMBER,
  observability: OBSERVABILITY,
  nightSchedule: shapeOf<NightScheduleProps>({ stop: required(TEXT), start: TEXT, timeZone: TEXT }),
  tags: TAGS,
  outputs: FLAG,
  outputPrefix: TEXT,
  provider: OBJECT,
};
