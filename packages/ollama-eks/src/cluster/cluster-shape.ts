/** What each prop of a cluster must be, for callers without types. */
import { KubernetesVersion } from '../catalogue/kubernetes-version';
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
  type Rule,
  type Shape,
  shapeOf,
  TEXT,
} from '../check-props';
import type { OllamaModel } from '../sizing/served-model';
import type { AccessEntryProps } from './control-plane/access-entry';
import type { AddOnsProps } from './control-plane/add-ons';
import type { ControlPlaneLogsProps } from './control-plane/control-plane-logs';
import type { EndpointProps } from './control-plane/endpoint';
import type { BudgetProps } from './guardrails/budget';
import type { GuardrailsProps } from './guardrails/guardrails';
import type { NightScheduleProps } from './guardrails/night-schedule';
import { OPTIONS_SHAPE } from './network/network';
import type { GpuPoolProps, ModelCacheProps, NodeTaint } from './nodes/gpu-pool';
import type { RootVolumeProps } from './nodes/root-volume';
import type { SystemPoolProps } from './nodes/system-pool';
import type { OllamaGpuClusterProps } from './ollama-gpu-cluster-props';
import type { ContainerImage, PublishedImage } from '../workload/container-image';

const TEXTS = listOf(TEXT);
const TAGS = recordOf(TEXT);
/** The name of an instance type, or its figures. */
const INSTANCE = either(TEXT, OBJECT);
/** `OLLAMA_IMAGE` has a source too. */
const IMAGE = shapeOf<ContainerImage & Partial<PublishedImage>>({
  repository: required(TEXT),
  tag: required(TEXT),
  digest: TEXT,
  source: OBJECT,
});

const VERSION: Rule = {
  ...having(
    ['version', 'addOns'],
    `KubernetesVersion.of("${KubernetesVersion.DEFAULT.version}"), or another minor version`,
  ),
  remedy: 'pass the number to KubernetesVersion.of',
};

const NETWORK: Rule = {
  ...having(
    ['vpcId', 'vpcCidr', 'zoneCount', 'privateSubnetIds', 'transitSubnetIds', 'privateRouteTableIds'],
    'a Network, or Network.fromAttributes(…) or Network.fromLookup(…)',
  ),
  remedy: 'pass one of these, or use createNetwork for a new network',
};

const ROOT_VOLUME = shapeOf<RootVolumeProps>({ sizeGiB: NUMBER, iops: NUMBER, throughput: NUMBER, kmsKeyArn: TEXT });

const POOL = shapeOf<GpuPoolProps>({
  instanceType: required(INSTANCE),
  name: TEXT,
  zone: TEXT,
  capacity: having(['kind'], 'a Capacity, such as Capacity.SPOT'),
  amiFamily: TEXT,
  releaseVersion: TEXT,
  rootVolume: ROOT_VOLUME,
  localStorage: TEXT,
  efa: FLAG,
  repair: FLAG,
  replicas: NUMBER,
  gpusPerReplica: NUMBER,
  minSize: NUMBER,
  maxSize: NUMBER,
  initialSize: NUMBER,
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

/** Props of a cluster. */
export const CLUSTER_SHAPE: Shape<OllamaGpuClusterProps> = {
  clusterName: required(TEXT),
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
  region: TEXT,
  network: NETWORK,
  createNetwork: shapeOf(OPTIONS_SHAPE),
  serviceCidr: TEXT,
  kubernetesVersion: VERSION,
  upgradePolicy: TEXT,
  deletionProtection: FLAG,
  allowReplacement: FLAG,
  endpoint: shapeOf<EndpointProps>({ publicCidrs: TEXTS, allowWorld: FLAG }),
  access: listOf(
    shapeOf<AccessEntryProps>({
      principalArn: required(TEXT),
      name: TEXT,
      policies: TEXTS,
      namespaces: TEXTS,
      kubernetesGroups: TEXTS,
    }),
  ),
  secretsKeyArn: TEXT,
  logs: shapeOf<ControlPlaneLogsProps>({ types: TEXTS, retentionDays: NUMBER, kmsKeyArn: TEXT }),
  system: shapeOf<SystemPoolProps>({
    instanceType: INSTANCE,
    size: NUMBER,
    minSize: NUMBER,
    maxSize: NUMBER,
    rootVolume: ROOT_VOLUME,
    releaseVersion: TEXT,
  }),
  addOns: shapeOf<AddOnsProps>({
    vpcCni: OBJECT,
    kubeProxy: OBJECT,
    coreDns: OBJECT,
    podIdentityAgent: OBJECT,
    ebsCsiDriver: OBJECT,
    metricsServer: OBJECT,
    nodeMonitoringAgent: OBJECT,
  }),
  kvCacheType: TEXT,
  modelPull: TEXT,
  registryCidrs: TEXTS,
  image: IMAGE,
  proverImage: IMAGE,
  sessionHeader: TEXT,
  requestTimeoutSeconds: NUMBER,
  maxWaiting: NUMBER,
  guardrails: shapeOf<GuardrailsProps>({
    budget: shapeOf<BudgetProps>({
      monthlyUsd: required(NUMBER),
      emails: TEXTS,
      topicArns: TEXTS,
      thresholds: listOf(NUMBER),
    }),
    quotaCheck: FLAG,
    offeringCheck: FLAG,
    versionCheck: TEXT,
    upgradeCheck: FLAG,
  }),
  nightSchedule: shapeOf<NightScheduleProps>({ stop: required(TEXT), start: TEXT, timeZone: TEXT }),
  tags: TAGS,
  outputs: FLAG,
  outputPrefix: TEXT,
  provider: OBJECT,
};
