/** Supported skew of kubelets: https://kubernetes.io/releases/version-skew-policy/#kubelet */
import { type Postcondition, Token } from '../framework';
import type { IEksCluster } from './cluster-ref';

/** Minor versions that a kubelet may be older than the API server. */
const MOST_SKEW = 3;
/** First minor version with VolumeAttributesClasses, which model volumes have. @see https://kubernetes.io/docs/concepts/storage/volume-attributes-classes/ */
const LEAST_MINOR = 34;

/** Returns what must hold of an existing cluster, so that the GPU nodes can join it, and the policies in it are right. */
export function clusterConditions({
  clusterName,
  kubernetesVersion,
  network,
  serviceCidr,
}: IEksCluster): Postcondition[] {
  const minor = Number(kubernetesVersion.split('.')[1]);
  return [
    {
      condition: `\${tonumber(split(".", self.version)[1]) >= ${LEAST_MINOR}}`,
      errorMessage: `cluster ${clusterName} runs Kubernetes \${self.version}; model volumes need 1.${LEAST_MINOR} or later: upgrade the control plane`,
    },
    {
      condition: `\${contains(range(${minor}, ${minor + MOST_SKEW + 1}), tonumber(split(".", self.version)[1]))}`,
      errorMessage:
        `kubernetesVersion = "${kubernetesVersion}": cluster ${clusterName} runs \${self.version}, and nodes must not be newer than ` +
        `it, nor more than ${MOST_SKEW} minor versions older; set kubernetesVersion: KubernetesVersion.of("\${self.version}")`,
    },
    {
      condition: `\${self.vpc_config[0].vpc_id == ${quoted(network.vpcId)}}`,
      errorMessage:
        `network.vpcId: cluster ${clusterName} is in \${self.vpc_config[0].vpc_id}, and its nodes must be, too; ` +
        'describe the network of the cluster',
    },
    {
      condition: `\${self.kubernetes_network_config[0].service_ipv4_cidr == "${serviceCidr}"}`,
      errorMessage:
        `serviceCidr = "${serviceCidr}": Services of cluster ${clusterName} have addresses in ` +
        '${coalesce(self.kubernetes_network_config[0].service_ipv4_cidr, "an IPv6 range, which is not supported")}; ' +
        'set serviceCidr to that range',
    },
  ];
}

/** The add-on reports its configuration as it was given: JSON, which is YAML, too. */
export function enforcesNetworkPolicies(clusterName: string): Postcondition {
  return {
    condition: '${try(tostring(yamldecode(self.configuration_values).enableNetworkPolicy), "false") == "true"}',
    errorMessage:
      `networkPolicies: the add-on vpc-cni of cluster ${clusterName} does not enforce network policies; set ` +
      'enableNetworkPolicy: "true" in its configuration values, or networkPolicies: "self-managed" if something else enforces them',
  };
}

/** Returns a value within an expression: CDKTF writes a token there as a bare reference. */
function quoted(value: string): string {
  return Token.isUnresolved(value) ? value : JSON.stringify(value);
}
