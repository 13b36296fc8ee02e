import { KubernetesVersion } from '../catalogue/kubernetes-version';
import { checkOneOf } from '../check-text';
import { ValidationError } from '../errors';
import type { Construct } from '../framework';
import { listOf } from '../sizing/units';
import { CLUSTER_TAG } from '../workload/names';
import { MODEL_PULLS } from '../workload/workload-spec';
import { checkClusterName } from './aws/cluster-name';
import { checkKeyArn } from './aws/kms-key';
import { regionOf, stackDefaults } from './aws/stack-defaults';
import { checkVolumeTags, clusterTags } from './aws/tags';
import { type AccessEntryProps, checkAccess } from './control-plane/access-entry';
import { resolveLogs, type ResolvedLogs } from './control-plane/control-plane-logs';
import { checkEndpoint, type EndpointProps } from './control-plane/endpoint';
import { checkScheduledPools } from './guardrails/night-schedule';
import { checkZonesOf } from './network/network-attributes';
import { poolProperty } from './nodes/pool-names';
import { planSystemPool, type SystemPool } from './nodes/system-pool';
import type { OllamaGpuClusterProps } from './ollama-gpu-cluster-props';
import { checkServing, type Serving } from './serving';

/** A requested cluster: validated, with every default filled in that does not depend on its network. */
export interface ClusterPlan extends Serving {
  readonly clusterName: string;
  readonly region: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly upgradePolicy: 'STANDARD' | 'EXTENDED';
  readonly endpoint: EndpointProps;
  readonly logs: ResolvedLogs;
  /** Access entries by their names. */
  readonly access: ReadonlyMap<string, AccessEntryProps>;
  readonly system: SystemPool;
  /** Tags that resources set themselves; the stack's provider adds the stack's tags. */
  readonly ownTags: Readonly<Record<string, string>>;
  /** All tags, for objects that no provider tags. */
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: boolean;
}

/** Validates the props and fills in the defaults. */
export function planCluster(scope: Construct, props: OllamaGpuClusterProps): ClusterPlan {
  const { endpoint = {}, kubernetesVersion = KubernetesVersion.DEFAULT } = props;
  const clusterName = checkClusterName('clusterName', props.clusterName);
  checkEndpoint(endpoint);
  checkOneOf('modelPull', props.modelPull ?? 'online', MODEL_PULLS);
  checkNetworkChoice(props);
  const region = regionOf(scope, props.region);
  checkKeys(props, region);
  if (props.network !== undefined) checkZonesOf(region, props.network);
  if (props.nightSchedule !== undefined) checkScheduledPools(props.gpu);
  const defaults = stackDefaults(scope);
  const clusterTag = { [CLUSTER_TAG]: clusterName };
  const tags = { ...clusterTags(clusterName, defaults?.tags, props.tags), ...clusterTag };
  checkVolumeTags('tags', tags);
  return {
    ...checkServing(props),
    clusterName,
    region,
    kubernetesVersion,
    upgradePolicy: checkOneOf('upgradePolicy', props.upgradePolicy ?? 'STANDARD', ['STANDARD', 'EXTENDED']),
    endpoint,
    logs: resolveLogs(props.logs, region),
    access: checkAccess(props.access ?? [], region),
    system: planSystemPool(props.system, kubernetesVersion.version),
    ownTags: { ...props.tags, ...clusterTag },
    tags,
    outputs: props.outputs ?? defaults?.outputs ?? false,
  };
}

function checkNetworkChoice({
  network,
  createNetwork,
  modelPull = 'online',
  registryCidrs,
}: OllamaGpuClusterProps): void {
  if (network !== undefined && createNetwork !== undefined) {
    throw new ValidationError({
      property: 'createNetwork',
      value: createNetwork,
      problem: 'must not be combined with `network`, which is an existing network',
      allowed: 'either `network` or `createNetwork`',
      remedy: 'remove one of them',
    });
  }
  if (createNetwork?.nat === 'none' && modelPull !== 'offline' && registryCidrs === undefined) {
    throw new ValidationError({
      property: 'createNetwork.nat',
      value: 'none',
      problem: 'leaves no route to the registry that models are pulled from',
      allowed: 'single, per-zone; none with modelPull: "offline" or registryCidrs',
      remedy:
        'use a NAT gateway, set registryCidrs to those of a mirror in the VPC, or provide the models by a snapshot and set modelPull: "offline"',
    });
  }
}

function checkKeys({ secretsKeyArn, system, gpu }: OllamaGpuClusterProps, region: string): void {
  const check = (property: string, arn: string | undefined, tokens = true) => {
    if (arn !== undefined) checkKeyArn(property, arn, region, { tokens });
  };
  check('secretsKeyArn', secretsKeyArn);
  check('system.rootVolume.kmsKeyArn', system?.rootVolume?.kmsKeyArn);
  listOf(gpu).forEach(({ cache, rootVolume }, index) => {
    const property = poolProperty(gpu, index);
    check(`${property}.rootVolume.kmsKeyArn`, rootVolume?.kmsKeyArn);
    // It is rendered to Git, where tokens do not resolve.
    check(`${property}.cache.kmsKeyArn`, cache?.kmsKeyArn, false);
  });
}
