import { S3Backend, TerraformStack, Testing, Token } from '../../src/framework';
import { PlatformStack } from '../../src/stacks/platform-stack';
import { refusal } from '../refusal';
import { Template } from '../../src/testing/template';

const CLUSTER = { clusterName: 'ollama', region: 'us-west-2' };
const newStack = () => new PlatformStack(Testing.app(), 'platform', { cluster: CLUSTER });

describe('PlatformStack', () => {
  it('finds the cluster by name when it is planned', () => {
    const template = Template.fromStack(newStack());
    expect(template.addresses()).toEqual(['data.aws_eks_cluster.eks-cluster']);
    expect(template.dataSource('aws_eks_cluster')).toMatchObject({ name: 'ollama' });
  });

  it('gets a token at every run, and stores none', () => {
    const { provider = {} } = Template.fromStack(newStack()).json;
    const exec = {
      api_version: 'client.authentication.k8s.io/v1beta1',
      command: 'aws',
      args: ['eks', 'get-token', '--cluster-name', 'ollama', '--region', 'us-west-2', '--output', 'json'],
    };
    const access = {
      host: '${data.aws_eks_cluster.eks-cluster.endpoint}',
      cluster_ca_certificate: '${base64decode(data.aws_eks_cluster.eks-cluster.certificate_authority[0].data)}',
    };
    expect(provider.kubernetes).toEqual([{ ...access, exec: [exec] }]);
    expect(provider.helm).toEqual([{ kubernetes: { ...access, exec } }]);
    expect(provider.aws).toEqual([{ region: 'us-west-2' }]);
  });

  it('accepts ranges of provider versions', () => {
    const { terraform } = Template.fromStack(newStack()).json as { terraform?: { required_providers?: object } };
    expect(terraform?.required_providers).toEqual({
      aws: { source: expect.stringMatching(/^(hashicorp\/)?aws$/), version: '>= 5.100, < 7.0' },
      helm: { source: 'helm', version: '>= 3.0, < 4.0' },
      kubernetes: { source: 'kubernetes', version: '>= 2.36, < 3.0' },
    });
  });

  it('keeps its state next to cdktf.out, by a path that is the same on every machine', () => {
    const { terraform } = Template.fromStack(newStack()).json as { terraform?: { backend?: object } };
    expect(terraform?.backend).toEqual({ local: { path: '../../../terraform.platform.tfstate' } });
  });

  it('accepts another backend', () => {
    const backend = (stack: TerraformStack) =>
      new S3Backend(stack, { bucket: 'state', key: 'platform', region: 'us-west-2' });
    const stack = new PlatformStack(Testing.app(), 'platform', { cluster: CLUSTER, backend });
    const { terraform } = Template.fromStack(stack).json as { terraform?: { backend?: object } };
    expect(terraform?.backend).toMatchObject({ s3: { bucket: 'state' } });
  });

  it('is deployed after the stack of its cluster', () => {
    const app = Testing.app();
    const infra = new TerraformStack(app, 'infra');
    const cluster = Object.assign(new (class extends TerraformStack {})(app, 'other'), CLUSTER);
    const platform = new PlatformStack(app, 'platform', { cluster });
    expect(platform.dependencies).toEqual([cluster]);
    expect(platform.dependencies).not.toContain(infra);
  });

  it.each([
    ['a name that is only known at apply', { ...CLUSTER, clusterName: Token.asString({}) }, 'cluster.clusterName'],
    ['no name', { ...CLUSTER, clusterName: '' }, 'cluster.clusterName'],
    ['a region that is none', { ...CLUSTER, region: 'Oregon' }, 'region'],
  ])('refuses %s', (_, cluster, property) => {
    expect(refusal(() => new PlatformStack(Testing.app(), 'platform', { cluster })).property).toBe(property);
  });
});
