/** Configuration of the EKS add-ons; schemas: `aws eks describe-addon-configuration --addon-name … --addon-version …`. */
import type { AddOnName } from '../../catalogue/kubernetes-version';
import type { Json } from '../../gitops/application';

type Configuration = Readonly<Record<string, Json>>;

/**
 * Enables network policy and prefix delegation; the schema requires strings.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html
 */
const VPC_CNI: Configuration = {
  enableNetworkPolicy: 'true',
  env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' },
};

/** At least two replicas, so that names resolve while a node is removed. */
const COREDNS: Configuration = { autoScaling: { enabled: true, minReplicas: 2, maxReplicas: 4 } };

/** The agent that monitors GPUs must run on the tainted nodes. @see https://docs.aws.amazon.com/eks/latest/userguide/node-health.html */
const NODE_MONITORING: Configuration = { dcgmAgent: { tolerations: [{ operator: 'Exists' }] } };

/** Returns the configuration of an add-on: ours, overridden by the user's. Empty if the add-on's defaults are right. */
export function addOnConfiguration(
  addOn: AddOnName,
  tags: Readonly<Record<string, string>>,
  given: Configuration = {},
): Configuration {
  switch (addOn) {
    case 'vpc-cni':
      return { ...VPC_CNI, ...given };
    case 'coredns':
      return { ...COREDNS, ...given };
    case 'aws-ebs-csi-driver':
      return ebsCsiDriver(tags, given);
    case 'eks-node-monitoring-agent':
      return { ...NODE_MONITORING, ...given };
    default:
      return given;
  }
}

/**
 * Whether pods get network interfaces of their own, with security groups in strict mode. In that mode the VPC CNI drops the
 * kubelet's probes of pods in the mesh, so they never become ready.
 * @see https://istio.io/latest/docs/ambient/install/platform-prerequisites/#amazon-elastic-kubernetes-service-eks
 * @see https://github.com/aws/amazon-vpc-cni-k8s/issues/2797
 */
export function hasStrictPodInterfaces({ env }: Configuration = {}): boolean {
  const { ENABLE_POD_ENI, POD_SECURITY_GROUP_ENFORCING_MODE = 'strict' } = (env ?? {}) as Configuration;
  return ENABLE_POD_ENI === 'true' && POD_SECURITY_GROUP_ENFORCING_MODE !== 'standard';
}

/**
 * Keeps the volume tags when the user configures the controller: `default_tags` do not reach volumes that the driver creates,
 * and without tags nobody would find volumes that are left behind.
 */
function ebsCsiDriver(tags: Readonly<Record<string, string>>, given: Configuration): Configuration {
  return { ...given, controller: { extraVolumeTags: { ...tags }, ...(given.controller as Configuration | undefined) } };
}
