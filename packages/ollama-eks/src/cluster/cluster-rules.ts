/** Rules of props that several constructs of a cluster have, for callers without types. */
import { KubernetesVersion } from '../catalogue/kubernetes-version';
import { either, having, NUMBER, OBJECT, type Rule, shapeOf, TEXT } from '../check-props';
import type { RootVolumeProps } from './nodes/root-volume';

/** The name of an instance type, or its figures. */
export const INSTANCE = either(TEXT, OBJECT);

export const VERSION: Rule = {
  ...having(
    ['version', 'addOns'],
    `KubernetesVersion.of("${KubernetesVersion.DEFAULT.version}"), or another minor version`,
  ),
  remedy: 'pass the number to KubernetesVersion.of',
};

export const NETWORK: Rule = {
  ...having(
    ['vpcId', 'vpcCidr', 'zoneCount', 'privateSubnetIds', 'transitSubnetIds', 'privateRouteTableIds'],
    'a Network, or Network.fromAttributes(…) or Network.fromLookup(…)',
  ),
  remedy: 'pass one of these, or use createNetwork for a new network',
};

export const ROOT_VOLUME = shapeOf<RootVolumeProps>({
  sizeGiB: NUMBER,
  iops: NUMBER,
  throughput: NUMBER,
  kmsKeyArn: TEXT,
});
