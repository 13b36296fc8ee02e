import { ExistingLoadBalancer, type ExistingLoadBalancerProps } from '../../src/exposure/existing-load-balancer';
import { InternalExposure } from '../../src/exposure/internal-exposure';
import { Token } from '../../src/framework';
import { aws } from '../../src/providers/aws';
import { Template } from '../../src/testing/template';
import { refusal } from '../refusal';
import { clusterOf, exposureStack } from './support/exposed-stack';

function synthesize(props: Partial<ExistingLoadBalancerProps> = {}) {
  const stack = exposureStack();
  const cluster = clusterOf();
  const shared = new ExistingLoadBalancer(stack, 'shared', {
    cluster,
    loadBalancerName: 'shared',
    targetGroupName: 'ollama',
    ...props,
  });
  const exposure = new InternalExposure(stack, 'vpn', {
    cluster,
    callerCidrs: ['10.200.0.0/16'],
    loadBalancer: shared,
  });
  return { shared, exposure, template: Template.fromStack(stack) };
}

describe('an existing load balancer', () => {
  const { shared, exposure, template } = synthesize();

  it('is used instead of a new one', () => {
    for (const type of ['aws_lb', 'aws_lb_listener', 'aws_lb_target_group', 'aws_security_group']) {
      expect(template.resources(type)).toEqual({});
    }
    expect(exposure.privateLoadBalancer).toBeUndefined();
    expect(exposure.loadBalancer).toBe(shared);
    expect(exposure.loadBalancerDnsName).toBe(shared.dnsName);
  });

  it('receives the pods of the gateway from the controller, which may change its target group only', () => {
    const manifests = exposure.applications.flatMap(({ source }) =>
      source.kind === 'manifests' ? source.manifests : [],
    );
    const binding = manifests.find(({ kind }) => kind === 'TargetGroupBinding');
    expect(binding).toMatchObject({ spec: { targetGroupName: 'ollama' } });
    expect(JSON.stringify(template.resources('aws_iam_role_policy'))).toContain('data.aws_lb_target_group.');
  });

  it('admits callers, and reaches the pods, by rules of its security group', () => {
    const group = expect.stringContaining('data.aws_lb.');
    const ingress = Object.values(template.resources('aws_vpc_security_group_ingress_rule'));
    expect(ingress.filter((rule) => rule['cidr_ipv4'] !== undefined)).toEqual([
      expect.objectContaining({ cidr_ipv4: '10.200.0.0/16', from_port: 443, security_group_id: group }),
    ]);
    expect(
      ingress.filter((rule) => rule['security_group_id'] === 'sg-cluster').map((rule) => rule['from_port']),
    ).toEqual([15021, 443]);
    const egress = Object.values(template.resources('aws_vpc_security_group_egress_rule'));
    expect(
      egress.map((rule) => [rule['security_group_id'], rule['referenced_security_group_id'], rule['to_port']]),
    ).toEqual([
      [group, 'sg-cluster', 15021],
      [group, 'sg-cluster', 443],
    ]);
  });

  it('is covered by the certificate under its own name', () => {
    expect(template.resource('tls_cert_request')).toMatchObject({
      dns_names: ['ollama.internal', expect.stringContaining('data.aws_lb.')],
    });
  });

  it('can be reached for overrides', () => {
    expect(shared.node.defaultChild).toBe(shared.resource);
  });

  it('is read and changed by the given provider', () => {
    const stack = exposureStack();
    const provider = new aws.AwsProvider(stack, 'network', { region: 'us-west-2', alias: 'network' });
    const other = new ExistingLoadBalancer(stack, 'shared', {
      cluster: clusterOf(),
      loadBalancerName: 'shared',
      targetGroupName: 'ollama',
      provider,
    });
    other.admit('vpn', '10.200.0.0/16', 'VPN');
    const { data, resource } = JSON.parse(JSON.stringify(stack.toTerraform())) as Record<
      'data' | 'resource',
      Record<string, Record<string, { provider?: string }>>
    >;
    const used = [data, resource].flatMap((all) => Object.values(all).flatMap((one) => Object.values(one)));
    expect(used).toHaveLength(7);
    for (const { provider: alias } of used) expect(alias).toBe('aws.network');
  });
});

describe('refuses', () => {
  it.each<[keyof ExistingLoadBalancerProps, string | undefined]>([
    [
      'loadBalancerName',
      'arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/net/shared/0123456789abcdef',
    ],
    ['loadBalancerName', ''],
    ['loadBalancerName', '-shared'],
    ['targetGroupName', 'a'.repeat(33)],
    ['targetGroupName', 'shared_group'],
    ['targetGroupName', undefined],
    ['targetGroup' as 'targetGroupName', 'ollama'],
    ['targetGroupName', Token.asString({ resolve: () => 'ollama' })],
  ])('%s %j', (property, value) => {
    expect(refusal(() => synthesize({ [property]: value }))).toMatchObject({ property });
  });
});
