/**
 * User data of nodes; EKS adds the cluster's name, endpoint and certificate authority.
 * AL2023: https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
 * Bottlerocket: https://bottlerocket.dev/en/os/latest/#/api/settings/
 */
import { maxPodsWithPrefixes } from '../../sizing/allocatable';
import { toYaml } from '../../yaml';
import type { AmiFamily, LocalStorage } from './gpu-pool';

/** @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-user-data */
const BOUNDARY = 'ollama-eks-node-config';

/** Configuration that a node gets at boot. */
export interface NodeConfig {
  readonly amiFamily: AmiFamily;
  readonly vcpus: number;
  readonly localStorage?: LocalStorage;
  /** AL2023 only. @default false */
  readonly fastImagePull?: boolean;
}

/** Returns the user data as plain text. */
export function nodeUserData(config: NodeConfig): string {
  return config.amiFamily === 'BOTTLEROCKET' ? bottlerocketSettings(config) : mime(al2023NodeConfig(config));
}

function al2023NodeConfig({ vcpus, localStorage, fastImagePull = false }: NodeConfig): string {
  return toYaml({
    apiVersion: 'node.eks.aws/v1alpha1',
    kind: 'NodeConfig',
    spec: {
      ...(fastImagePull && { featureGates: { FastImagePull: true } }),
      ...(localStorage === undefined ? {} : { instance: { localStorage: { strategy: localStorage } } }),
      kubelet: { config: { maxPods: maxPodsWithPrefixes(vcpus) } },
    },
  });
}

function mime(nodeConfig: string): string {
  return [
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    '',
    `--${BOUNDARY}`,
    'Content-Type: application/node.eks.aws',
    '',
    nodeConfig,
    `--${BOUNDARY}--`,
    '',
  ].join('\n');
}

/** @see https://bottlerocket.dev/en/os/latest/#/concepts/bootstrap-commands/ */
function bottlerocketSettings({ vcpus, localStorage }: NodeConfig): string {
  const kubelet = ['[settings.kubernetes]', `max-pods = ${maxPodsWithPrefixes(vcpus)}`];
  const storage = [
    '[settings.bootstrap-commands.instance-store]',
    'commands = [',
    '  ["apiclient", "ephemeral-storage", "init"],',
    '  ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"],',
    ']',
    'essential = true',
    'mode = "always"',
  ];
  return [...kubelet, ...(localStorage === undefined ? [] : ['', ...storage]), ''].join('\n');
}
