/** What each prop of a cluster must be, for callers without types. */
import { FLAG, listOf, NUMBER, OBJECT, required, type Shape, shapeOf, TEXT } from '../check-props';
import { INSTANCE, NETWORK, ROOT_VOLUME, VERSION } from './cluster-rules';
import type { AccessEntryProps } from './control-plane/access-entry';
import type { AddOnsProps } from './control-plane/add-ons';
import type { ControlPlaneLogsProps } from './control-plane/control-plane-logs';
import type { EndpointProps } from './control-plane/endpoint';
import type { BudgetProps } from './guardrails/budget';
import type { GuardrailsProps } from './guardrails/guardrails';
import { MODEL_SERVING_SHAPE, POOL_CHECKS_SHAPE } from './model-serving-shape';
import { OPTIONS_SHAPE } from './network/network';
import type { SystemPoolProps } from './nodes/system-pool';
import type { OllamaGpuClusterProps } from './ollama-gpu-cluster-props';

const TEXTS = listOf(TEXT);

/** Props of a cluster. */
export const CLUSTER_SHAPE: Shape<OllamaGpuClusterProps> = {
  ...MODEL_SERVING_SHAPE,
  clusterName: required(TEXT),
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
  guardrails: shapeOf<GuardrailsProps>({
    budget: shapeOf<BudgetProps>({
      monthlyUsd: required(NUMBER),
      emails: TEXTS,
      topicArns: TEXTS,
      thresholds: listOf(NUMBER),
    }),
    ...POOL_CHECKS_SHAPE,
    versionCheck: TEXT,
    upgradeCheck: FLAG,
  }),
};
