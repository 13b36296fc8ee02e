import { Capacity } from '../../../src/cluster/nodes/capacity';
import type { Properties } from '../../../src/testing';
import { gpuGroup, gpuTemplate, idHas, templateWith, token } from '../given';

describe('GPU pools', () => {
  test('spot, reservation and block are requested as EKS requires', () => {
    const capacity = {
      spot: Capacity.SPOT,
      odcr: Capacity.reservation('cr-0a'),
      block: Capacity.block(token('block')),
    };
    const template = templateWith({
      gpu: Object.entries(capacity).map(([name, how]) => ({ name, instanceType: 'p4d.24xlarge', capacity: how })),
    });
    const groups = template.resources('aws_eks_node_group');
    const templates = template.resources('aws_launch_template');
    expect(idHas(groups, 'gpu-nodes-spot')).toMatchObject({ capacity_type: 'SPOT', instance_types: ['p4d.24xlarge'] });
    expect(idHas(groups, 'gpu-nodes-odcr')).toMatchObject({ capacity_type: 'ON_DEMAND' });
    expect(idHas(templates, 'gpu-nodes-odcr').capacity_reservation_specification).toEqual({
      capacity_reservation_target: { capacity_reservation_id: 'cr-0a' },
    });
    expect(idHas(groups, 'gpu-nodes-block')).toMatchObject({ capacity_type: 'CAPACITY_BLOCK' });
    expect(idHas(groups, 'gpu-nodes-block')).not.toHaveProperty('instance_types');
    expect(idHas(templates, 'gpu-nodes-block')).toMatchObject({
      instance_type: 'p4d.24xlarge',
      instance_market_options: { market_type: 'capacity-block' },
      capacity_reservation_specification: {
        capacity_reservation_target: { capacity_reservation_id: '${local.block}' },
      },
    });
  });

  test('encrypt their root volumes with the given key', () => {
    const kmsKeyArn = token('key');
    const rootVolume = { kmsKeyArn };
    const template = templateWith({ gpu: { instanceType: 'g5.xlarge', rootVolume }, system: { rootVolume } });
    Object.values(template.resources('aws_launch_template')).forEach(({ block_device_mappings: devices }) =>
      expect(devices).toEqual([
        { device_name: '/dev/xvda', ebs: expect.objectContaining({ encrypted: 'true', kms_key_id: '${local.key}' }) },
      ]),
    );
  });

  test('are in the first zone by default, whatever their place in the list', () => {
    const groups = templateWith({
      gpu: ['a', 'b'].map((name) => ({ instanceType: 'g5.xlarge', name })),
    }).resources('aws_eks_node_group');
    for (const name of ['a', 'b']) {
      expect(idHas(groups, `gpu-nodes-${name}_`).subnet_ids).toEqual([expect.stringContaining('zone-0')]);
    }
  });

  test('are in the named zone, even if Terraform finds the zones', () => {
    const gpu = { instanceType: 'g5.xlarge', zone: 'us-west-2b' };
    const named = templateWith({ gpu, createNetwork: { zones: ['us-west-2a', 'us-west-2b'] } });
    expect(gpuGroup(named).subnet_ids).toEqual([expect.stringContaining('zone-1')]);
    expect(String(gpuGroup(templateWith({ gpu })).subnet_ids)).toMatch(
      /^\$\{zipmap\(\[element\(.*zone-2_private.*\)\["us-west-2b"\]\}$/,
    );
  });

  test('are in the zone at a place, whose offering is checked by the name that Terraform finds', () => {
    const template = templateWith({ gpu: { instanceType: 'g5.xlarge', zone: 1 } });
    expect(gpuGroup(template).subnet_ids).toEqual([expect.stringMatching(/zone-1_private.*\.id\}$/)]);
    expect(JSON.stringify(gpuGroup(template).lifecycle)).toMatch(/contains\(.*\.locations, element\(.*\.names, 1\)\)/);
  });

  test('Bottlerocket has its images and pods on a second disk', () => {
    const template = templateWith({ gpu: { instanceType: 'g5.xlarge', amiFamily: 'BOTTLEROCKET' } });
    expect(gpuGroup(template).ami_type).toBe('BOTTLEROCKET_x86_64_NVIDIA');
    expect(gpuTemplate(template).block_device_mappings).toMatchObject([
      { device_name: '/dev/xvda', ebs: { volume_size: 4, encrypted: 'true' } },
      { device_name: '/dev/xvdb', ebs: { volume_size: 100, encrypted: 'true' } },
    ]);
  });

  test('EFA: an interface for each network card, in a placement group', () => {
    const template = templateWith({ gpu: { instanceType: 'p4d.24xlarge', efa: true } });
    const interfaces = gpuTemplate(template).network_interfaces as Properties[];
    expect(
      interfaces.map(({ network_card_index: card, device_index: device, interface_type: kind }) => [
        card,
        device,
        kind,
      ]),
    ).toEqual([
      [0, 0, 'efa'],
      [1, 1, 'efa-only'],
      [2, 1, 'efa-only'],
      [3, 1, 'efa-only'],
    ]);
    expect(interfaces[0]?.security_groups).toEqual([expect.stringContaining('cluster_security_group_id')]);
    expect(template.resource('aws_placement_group')).toMatchObject({ strategy: 'cluster' });
  });

  test('EFA on p6-b300: not on the first of its 17 network cards', () => {
    const template = templateWith({
      gpu: { instanceType: 'p6-b300.48xlarge', capacity: Capacity.block('cr-0a'), efa: true },
    });
    const [first, ...others] = gpuTemplate(template).network_interfaces as Properties[];
    expect(first).toMatchObject({ network_card_index: 0, device_index: 0, interface_type: 'interface' });
    expect(others.map(({ network_card_index: card }) => card)).toEqual(
      Array.from({ length: 16 }, (_, card) => card + 1),
    );
    others.forEach((other) => expect(other).toMatchObject({ device_index: 0, interface_type: 'efa-only' }));
  });

  test.each([Capacity.block('cr-0a'), Capacity.reservation('cr-0a')])(
    'EFA on reserved capacity ($kind): no placement group of their own, which the reservation is not in',
    (capacity) => {
      const template = templateWith({ gpu: { instanceType: 'p4d.24xlarge', efa: true, capacity } });
      expect(gpuTemplate(template)).toHaveProperty('network_interfaces');
      expect(gpuTemplate(template)).not.toHaveProperty('placement');
      expect(template.resources('aws_placement_group')).toEqual({});
    },
  );

  test('models on a volume with its own key: the driver can use that key', () => {
    const kmsKeyArn = 'arn:aws:kms:us-west-2:111122223333:key/1';
    const template = templateWith({ gpu: { instanceType: 'g5.xlarge', cache: { kmsKeyArn, retain: true } } });
    const { policy } = idHas(template.resources('aws_iam_role_policy'), 'ebs-csi-driver');
    expect(policy).toContain(kmsKeyArn);
    expect(policy).toContain('kms:CreateGrant');
  });
});
