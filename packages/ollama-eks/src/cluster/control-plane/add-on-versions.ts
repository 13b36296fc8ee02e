/**
 * Versions of the EKS add-ons that go with a Kubernetes minor version, collected from public configurations on 2026-11-23:
 * - 1.35: the defaults that `aws eks describe-addon-versions` gave on 2026-10-02; the EBS CSI driver and metrics-server, which that
 *   list leaves out, as several configurations for 1.35 pin them;
 * - 1.36: what a cluster resolved to in September 2026; the EBS CSI driver is the default of 2026-08-27;
 * - 1.34: as several configurations for 1.34 pin them.
 * Check with `aws eks describe-addon-versions --kubernetes-version 1.35`. What isn't listed (the node monitoring agent,
 * metrics-server but for 1.35, unlisted minors) is read at plan: the version that EKS itself would choose.
 */
import type { KubernetesVersion } from '../../catalogue/kubernetes-version';

/** Names of the add-ons, as EKS has them. */
export type AddOnName =
  | 'vpc-cni'
  | 'kube-proxy'
  | 'coredns'
  | 'eks-pod-identity-agent'
  | 'aws-ebs-csi-driver'
  | 'metrics-server'
  | 'eks-node-monitoring-agent';

type Versions = Readonly<Partial<Record<AddOnName, string>>>;

/** Builds that serve several minor versions. */
const COMMON: Versions = {
  'vpc-cni': 'v1.22.4-eksbuild.3',
  'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
};

const VERSIONS: Readonly<Record<string, Versions>> = {
  '1.34': {
    ...COMMON,
    'kube-proxy': 'v1.34.6-eksbuild.18',
    coredns: 'v1.13.2-eksbuild.11',
    'aws-ebs-csi-driver': 'v1.63.1-eksbuild.1',
  },
  '1.35': {
    ...COMMON,
    'kube-proxy': 'v1.35.3-eksbuild.29',
    coredns: 'v1.13.2-eksbuild.31',
    'aws-ebs-csi-driver': 'v1.64.0-eksbuild.1',
    'metrics-server': 'v0.9.0-eksbuild.6',
  },
  '1.36': {
    ...COMMON,
    'kube-proxy': 'v1.36.0-eksbuild.21',
    coredns: 'v1.14.3-eksbuild.16',
    'aws-ebs-csi-driver': 'v1.64.0-eksbuild.1',
  },
};

/** The pinned version; undefined where EKS's own default is to be read at plan. */
export function addOnVersion(addOn: AddOnName, { version }: KubernetesVersion): string | undefined {
  return VERSIONS[version]?.[addOn];
}
