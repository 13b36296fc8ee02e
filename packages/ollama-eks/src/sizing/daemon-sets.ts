import { AMBIENT_NODE_REQUESTS, type NodeRequests } from '../catalogue/ambient';
import type { Source } from '../catalogue/source';

/** What the pod of a DaemonSet requests on every GPU node. */
export interface DaemonSetRequests extends NodeRequests {
  readonly name: string;
  readonly source: Source;
}

const READ = '2026-11-23';

/** DaemonSets of a GPU node and what each requests, all containers of a pod combined. */
export const DAEMON_SETS: readonly DaemonSetRequests[] = [
  {
    // 25m each for the CNI and for the network policy agent
    name: 'aws-node',
    cpuMillis: 50,
    memoryMiB: 0,
    source: {
      title: 'amazon-vpc-cni-k8s, chart aws-vpc-cni',
      url: 'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/charts/aws-vpc-cni/values.yaml',
      date: READ,
    },
  },
  {
    name: 'kube-proxy',
    cpuMillis: 100,
    memoryMiB: 0,
    source: {
      title: 'Amazon EKS add-on kube-proxy, `resources.requests` of its DaemonSet',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/managing-kube-proxy.html',
      date: READ,
    },
  },
  {
    // 10m and 40Mi for each of three containers
    name: 'ebs-csi-node',
    cpuMillis: 30,
    memoryMiB: 120,
    source: {
      title: 'aws-ebs-csi-driver, chart',
      url: 'https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/values.yaml',
      date: READ,
    },
  },
  {
    name: 'eks-pod-identity-agent',
    cpuMillis: 0,
    memoryMiB: 0,
    source: {
      title: 'eks-pod-identity-agent, chart',
      url: 'https://github.com/aws/eks-pod-identity-agent/blob/main/charts/eks-pod-identity-agent/values.yaml',
      date: READ,
    },
  },
  {
    // its dcgm-server requests nothing
    name: 'eks-node-monitoring-agent',
    cpuMillis: 10,
    memoryMiB: 30,
    source: {
      title: 'eks-node-monitoring-agent, chart',
      url: 'https://github.com/aws/eks-node-monitoring-agent/blob/main/charts/eks-node-monitoring-agent/values.yaml',
      date: READ,
    },
  },
  {
    name: 'nvidia-device-plugin',
    cpuMillis: 0,
    memoryMiB: 0,
    source: {
      title: 'NVIDIA device plugin 0.20.0, chart',
      url: 'https://github.com/NVIDIA/k8s-device-plugin/blob/main/deployments/helm/nvidia-device-plugin/values.yaml',
      date: READ,
    },
  },
  {
    name: 'istio-cni-node',
    ...AMBIENT_NODE_REQUESTS.cni,
    source: {
      title: 'Istio 1.30.3, chart istio-cni',
      url: 'https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-cni/values.yaml',
      date: READ,
    },
  },
  {
    name: 'ztunnel',
    ...AMBIENT_NODE_REQUESTS.ztunnel,
    source: {
      title: 'Istio 1.30.3, chart ztunnel',
      url: 'https://github.com/istio/istio/blob/1.30.3/manifests/charts/ztunnel/values.yaml',
      date: READ,
    },
  },
];
