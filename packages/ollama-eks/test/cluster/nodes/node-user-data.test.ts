import { nodeUserData } from '../../../src/cluster/nodes/node-user-data';

test('AL2023: a NodeConfig in MIME, with the number of pods that prefix delegation allows', () => {
  expect(nodeUserData({ amiFamily: 'AL2023', vcpus: 48, localStorage: 'RAID0' })).toBe(
    `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="ollama-eks-node-config"

--ollama-eks-node-config
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0
  kubelet:
    config:
      maxPods: 250

--ollama-eks-node-config--
`,
  );
});

test('AL2023: does not use disks unless requested', () => {
  const userData = nodeUserData({ amiFamily: 'AL2023', vcpus: 4 });
  expect(userData).toContain('maxPods: 110');
  expect(userData).not.toContain('localStorage');
});

test('Bottlerocket: settings in TOML', () => {
  expect(nodeUserData({ amiFamily: 'BOTTLEROCKET', vcpus: 4, localStorage: 'RAID0' })).toBe(
    `[settings.kubernetes]
max-pods = 110

[settings.bootstrap-commands.instance-store]
commands = [
  ["apiclient", "ephemeral-storage", "init"],
  ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"],
]
essential = true
mode = "always"
`,
  );
  expect(nodeUserData({ amiFamily: 'BOTTLEROCKET', vcpus: 4 })).toBe('[settings.kubernetes]\nmax-pods = 110\n');
});
