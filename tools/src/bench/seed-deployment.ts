import { creationTime, type Task } from '@org/ollama-eks/pure';
import type { Deployment } from './deployment';

const task = (type: string, ...needs: readonly string[]): Task => ({ seconds: creationTime(type).seconds, needs });

/**
 * The setup that this library replaces, as its documentation describes it: layers of Terraform, waves of Argo CD, and scripts that set
 * up Konnect after both. What it does not say is assumed in its favor: GPU nodes start as quickly as system nodes, and nobody waits for a person.
 * @see https://github.com/shanaka-versent/Ollama-on-EKS
 */
export const SEED: Deployment = {
  infrastructure: {
    vpc: task('aws_vpc'),
    subnets: task('aws_subnet', 'vpc'),
    nat: task('aws_nat_gateway', 'subnets'),
    'transit-gateway': task('aws_ec2_transit_gateway'),
    attachment: task('aws_ec2_transit_gateway_vpc_attachment', 'transit-gateway', 'subnets'),
    role: task('aws_iam_role'),
    cluster: task('aws_eks_cluster', 'role', 'subnets'),
    'system-nodes': task('aws_eks_node_group', 'cluster', 'nat'),
    'gpu-nodes': task('aws_eks_node_group', 'cluster', 'nat'),
    'vpc-cni': task('aws_eks_addon', 'cluster'),
    'kube-proxy': task('aws_eks_addon', 'cluster'),
    'open-id-provider': task('aws_iam_openid_connect_provider', 'cluster'),
    'driver-role': task('aws_iam_role', 'open-id-provider'),
    coredns: task('aws_eks_addon', 'system-nodes'),
    'ebs-csi-driver': task('aws_eks_addon', 'system-nodes', 'driver-role'),
  },
  platform: {
    'load-balancer-controller': task('helm_release'),
    'argo-cd': task('helm_release'),
    applications: task('helm_release', 'argo-cd'),
  },
  waves: {
    [-2]: ['gateway-api-crds'],
    [-1]: ['istio-base'],
    0: ['istiod', 'istio-cni', 'ztunnel', 'nvidia-device-plugin'],
    1: ['namespaces'],
    2: ['ollama-storage'],
    3: ['ollama'],
    4: ['model-loader'],
    5: ['gateway'],
    6: ['httproutes'],
  },
  controllerBalancer: true,
  nodesFirst: true,
  konnectFirst: false,
};
