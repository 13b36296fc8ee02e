import { KubernetesVersion } from '../catalogue/kubernetes-version';
import { checkOneOf } from '../check-text';
import { ValidationError } from '../errors';
import type { Construct } from '../framework';
import { checkClusterName } from './aws/cluster-name';
import { checkKeyArn } from './aws/kms-key';
import { regionOf } from './aws/stack-defaults';
import { type AccessEntryProps, checkAccess } from './control-plane/access-entry';
import { resolveLogs, type ResolvedLogs } from './control-plane/control-plane-logs';
import { checkEndpoint, type EndpointProps } from './control-plane/endpoint';
import { type ModelServingPlan, planModelServing } from './model-serving-plan';
import { checkZonesOf } from './network/network-attributes';
import { planSystemPool, type SystemPool } from './nodes/system-pool';
import type { OllamaGpuClusterProps } from './ollama-gpu-cluster-props';

/** A requested cluster: validated, with every default filled in that does not depend on its network. */
export interface ClusterPlan extends ModelServingPlan {
  readonly clusterName: string;
  readonly region: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly upgradePolicy: 'STANDARD' | 'EXTENDED';
  readonly endpoint: EndpointProps;
  readonly logs: ResolvedLogs;
  /** Access entries by their names. */
  readonly access: ReadonlyMap<string, AccessEntryProps>;
  readonly system: SystemPool;
}

/** Validates the props and fills in the defaults. */
export function planCluster(scope: Construct, props: OllamaGpuClusterProps): ClusterPlan {
  const { endpoint = {}, kubernetesVersion = KubernetesVersion.DEFAULT } = props;
  const clusterName = checkClusterName('clusterName', props.clusterName);
  checkEndpoint(endpoint);
  checkNetworkChoice(props);
  const region = regionOf(scope, props.region);
  checkKeys(props, region);
  if (props.network !== undefined) checkZonesOf(region, props.network);
  return {
    ...planModelServing(scope, props, { clusterName, region }),
    clusterName,
    region,
    kubernetesVersion,
    upgradePolicy: checkOneOf('upgradePolicy', props.upgradePolicy ?? 'STANDARD', ['STANDARD', 'EXTENDED']),
    endpoint,
    logs: resolveLogs(props.logs, region),
    access: checkAccess(props.access ?? [], region),
    system: planSystemPool(props.system, kubernetesVersion.version, {
      prometheus: props.observability?.metrics === 'prometheus',
    }),
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

function checkKeys({ secretsKeyArn, system }: OllamaGpuClusterProps, region: string): void {
  const keys = { secretsKeyArn, 'system.rootVolume.kmsKeyArn': system?.rootVolume?.kmsKeyArn };
  for (const [property, arn] of Object.entries(keys)) {
    if (arn !== undefined) checkKeyArn(property, arn, region, { tokens: true });
  }
}
