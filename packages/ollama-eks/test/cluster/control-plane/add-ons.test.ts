import { KubernetesVersion } from '../../../src/catalogue/kubernetes-version';
import type { Properties } from '../../../src/testing';
import { gpuGroup, idHas, templateWith, token } from '../given';

const trustOf = (role: Properties): unknown => JSON.parse(String(role.assume_role_policy));

describe('add-ons', () => {
  const template = templateWith();
  const addOns = template.resources('aws_eks_addon');
  const configuration = (name: string): unknown => JSON.parse(String(idHas(addOns, name).configuration_values));

  test('are pinned for the Kubernetes version, except the one whose builds are not known', () => {
    const unpinned = Object.values(addOns).filter(({ addon_version: version }) => String(version).includes('data.'));
    expect(unpinned).toEqual([expect.objectContaining({ addon_name: 'eks-node-monitoring-agent' })]);
    expect(idHas(addOns, 'kube-proxy').addon_version).toMatch(/^v1\.36\./);
    expect(template.dataSource('aws_eks_addon_version')).toMatchObject({ most_recent: false });
  });

  test('enforce network policies and assign addresses by prefix', () => {
    expect(configuration('vpc-cni')).toEqual({
      enableNetworkPolicy: 'true',
      env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' },
    });
  });

  test('always set their configuration, since the provider keeps the old one without a value', () => {
    expect(configuration('kube-proxy')).toEqual({});
  });

  test('tag volumes with all tags, since no provider does', () => {
    expect(configuration('ebs-csi-driver')).toEqual({
      controller: { extraVolumeTags: { Team: 'ml', 'ollama-eks/cluster': 'ollama' } },
    });
  });

  test('monitor GPUs on tainted nodes', () => {
    expect(configuration('node-monitoring-agent')).toEqual({ dcgmAgent: { tolerations: [{ operator: 'Exists' }] } });
  });

  test('get their roles by Pod Identity, for this cluster only', () => {
    const role = idHas(template.resources('aws_iam_role'), 'vpc-cni-role');
    expect(trustOf(role)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: {
            StringEquals: { 'aws:SourceAccount': expect.stringContaining('aws_caller_identity') },
            ArnEquals: {
              'aws:SourceArn': expect.stringMatching(
                /^arn:\$\{data\.aws_partition\..*\}:eks:us-west-2:\$\{data\.aws_caller_identity\..*\}:cluster\/ollama$/,
              ),
            },
          },
        },
      ],
    });
    expect(idHas(addOns, 'ebs-csi-driver').pod_identity_association).toEqual([
      { service_account: 'ebs-csi-controller-sa', role_arn: expect.stringContaining('ebs-csi-driver-role') },
    ]);
  });

  test('do not wait for the cluster with their roles', () => {
    const roles = [template.resources('aws_iam_role'), template.resources('aws_iam_role_policy_attachment')];
    const ofAddOns = roles.flatMap((byId) => Object.entries(byId).filter(([id]) => /vpc-cni|ebs-csi-driver/.test(id)));
    expect(ofAddOns).toHaveLength(4);
    expect(JSON.stringify(ofAddOns)).not.toContain('aws_eks_cluster');
  });

  test('have the permissions of AWS’s own policies for them', () => {
    const attachments = template.resources('aws_iam_role_policy_attachment');
    expect(idHas(attachments, 'amazon-ebscsi-driver-policy').policy_arn).toMatch(
      /:iam::aws:policy\/service-role\/AmazonEBSCSIDriverPolicy$/,
    );
    expect(idHas(attachments, 'amazon-eks-cni-policy').policy_arn).toMatch(/:iam::aws:policy\/AmazonEKS_CNI_Policy$/);
  });

  test('use the user’s versions and configuration', () => {
    const own = templateWith({
      addOns: {
        vpcCni: { version: 'v1.23.2-eksbuild.1', configuration: { env: { WARM_IP_TARGET: '2' } } },
        nodeMonitoringAgent: { version: token('version') },
      },
    }).resources('aws_eks_addon');
    expect(idHas(own, 'vpc-cni').addon_version).toBe('v1.23.2-eksbuild.1');
    expect(JSON.parse(String(idHas(own, 'vpc-cni').configuration_values))).toEqual({
      enableNetworkPolicy: 'true',
      env: { WARM_IP_TARGET: '2' },
    });
    expect(idHas(own, 'node-monitoring-agent').addon_version).toBe('${local.version}');
  });

  test('of an unlisted Kubernetes version are those that EKS chooses', () => {
    const unlisted = templateWith({ kubernetesVersion: KubernetesVersion.of('1.40') });
    const asked = Object.values(unlisted.dataSources('aws_eks_addon_version')).map((addOn) => addOn.addon_name);
    const installed = Object.values(unlisted.resources('aws_eks_addon')).map((addOn) => addOn.addon_name);
    expect(asked.sort()).toEqual(installed.sort());
  });
});

describe('order of creation, which is the reverse order of deletion', () => {
  const template = templateWith({ access: [{ principalArn: 'arn:aws:iam::111122223333:role/Admin' }] });
  const addOns = template.resources('aws_eks_addon');

  test('a node depends on its role’s policies, its egress and the CNI', () => {
    const nodes = gpuGroup(template).depends_on as string[];
    const expected = [
      /^aws_iam_role_policy_attachment\..*amazon-eks-worker-node-policy/,
      /^aws_iam_role_policy_attachment\..*amazon-ec2-container-registry-pull-only/,
      /^aws_iam_role_policy_attachment\..*amazon-ssm-managed-instance-core/,
      /^aws_route\..*zone-0_private-default-route/,
      /^aws_route_table_association\..*zone-0_private-association/,
      /^aws_eks_addon\..*vpc-cni/,
      /^aws_eks_addon\..*kube-proxy/,
      /^aws_eks_addon\..*pod-identity-agent/,
    ];
    expected.forEach((pattern) => expect(nodes).toContainEqual(expect.stringMatching(pattern)));
  });

  test('nodes depend on nothing else', () => {
    const kinds = (gpuGroup(template).depends_on as string[]).map((address) => address.split('.')[0]);
    expect([...new Set(kinds)].sort()).toEqual([
      'aws_eks_addon',
      'aws_iam_role_policy_attachment',
      'aws_route',
      'aws_route_table_association',
    ]);
  });

  test('a GPU node depends on the egress of its own zone, system nodes on that of all zones', () => {
    const ways = (group: Properties) =>
      (group.depends_on as string[]).filter((address) => address.startsWith('aws_route.'));
    expect(ways(gpuGroup(template))).toEqual([expect.stringContaining('zone-0')]);
    const ofSystemNodes = ways(idHas(template.resources('aws_eks_node_group'), 'system-nodes'));
    expect(ofSystemNodes.sort()).toEqual(
      ['zone-0', 'zone-1', 'zone-2'].map((zone): unknown => expect.stringContaining(zone)),
    );
  });

  test('the CNI depends on its role’s policy only, so it is created at the same time as the agent that provides the role', () => {
    expect(idHas(addOns, 'vpc-cni').depends_on).toEqual([
      expect.stringMatching(/^aws_iam_role_policy_attachment\..*amazon-eks-cni-policy/),
    ]);
  });

  test.each(['coredns', 'ebs-csi-driver', 'metrics-server', 'node-monitoring-agent'])(
    '%s comes after the system nodes, not after GPU nodes',
    (addOn) => {
      const dependsOn = idHas(addOns, addOn).depends_on as string[];
      const nodes = dependsOn.filter((address) => address.startsWith('aws_eks_node_group'));
      expect(nodes).toEqual([expect.stringContaining('system-nodes')]);
    },
  );

  test('the output of the cluster’s name depends on the access entries', () => {
    expect(template.outputs().cluster_name?.depends_on).toEqual([
      expect.stringMatching(/^aws_eks_cluster\./),
      expect.stringMatching(/^aws_eks_access_entry\./),
      expect.stringMatching(/^aws_eks_access_policy_association\./),
    ]);
  });
});
