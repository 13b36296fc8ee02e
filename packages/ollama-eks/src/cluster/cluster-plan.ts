import { KubernetesVersion } from '../catalogue/kubernetes-version';
import { checkOneOf } from '../check-text';
import { ValidationError } from '../errors';
import type { Construct } from '../framework';
import { listOf } from '../sizing/units';
import { CLUSTER_TAG } from '../workload/names';
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

/** A cluster as asked for, checked, every default filled in that doesn't hang on its network. */
export interface ClusterPlan extends Serving {
  readonly clusterName: string;
  readonly region: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly upgradePolicy: 'STANDARD' | 'EXTENDED';
  readonly endpoint: EndpointProps;
  readonly logs: ResolvedLogs;
  /** By their names. */
  readonly access: ReadonlyMap<string, AccessEntryProps>;
  readonly system: SystemPool;
  /** What resources are tagged with here; the stack's own tags come by its provider. */
  readonly ownTags: Readonly<Record<string, string>>;
  /** All tags: for what no provider tags. */
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: boolean;
}

/** Checks what is asked for and fills in the defaults. */
export function planCluster(scope: Construct, props: OllamaGpuClusterProps): ClusterPlan {
  const { endpoint = {}, kubernetesVersion = KubernetesVersion.DEFAULT } = props;
  const clusterName = checkClusterName('clusterName', props.clusterName);
  checkEndpoint(endpoint);
  checkOneOf('modelPull', props.modelPull ?? 'online', ['online', 'offline']);
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

function checkNetworkChoice({ network, createNetwork, modelPull = 'online' }: OllamaGpuClusterProps): void {
  if (network !== undefined && createNetwork !== undefined) {
    throw new ValidationError({
      property: 'createNetwork',
      value: createNetwork,
      problem: 'tells how to make a network, but `network` is one already',
      allowed: 'one of the two',
      remedy: 'leave one out',
    });
  }
  if (createNetwork?.nat === 'none' && modelPull === 'online') {
    throw new ValidationError({
      property: 'createNetwork.nat',
      value: 'none',
      problem: 'leaves no way to the registry that models are pulled from',
      allowed: 'single, per-zone; none with modelPull: "offline"',
      remedy: 'use a NAT gateway, or bring the models in by a snapshot and set modelPull: "offline"',
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
    // rendered to Git, where no token exists
    check(`${property}.cache.kmsKeyArn`, cache?.kmsKeyArn, false);
  });
}
