import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, S3Backend, TerraformStack, Testing } from '../../src/framework';
import { loosenProviderVersions } from '../../src/index';
import { aws } from '../../src/providers/aws';
import { InfrastructureStack } from '../../src/stacks/infrastructure-stack';
import { Template } from '../../src/testing';
import { refusal } from '../refusal';

const stackWith = (props = {}): InfrastructureStack =>
  new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2', ...props });
const terraformOf = (stack: InfrastructureStack): unknown =>
  (Template.fromStack(stack).json as { terraform?: object }).terraform;

test('has the providers, in the supported ranges', () => {
  const template = Template.fromStack(stackWith({ tags: { Team: 'ml' } }));
  expect(template.json.provider).toEqual({
    aws: [{ region: 'us-west-2', default_tags: [{ tags: { Team: 'ml' } }] }],
    tls: [{}],
  });
  expect(terraformOf(stackWith())).toMatchObject({
    required_providers: { aws: { version: '>= 5.100, < 7.0' }, tls: { version: '>= 4.0, < 5.0' } },
  });
});

test('a stack of a user accepts the same versions of providers', () => {
  const stack = new TerraformStack(Testing.app(), 'own');
  new aws.AwsProvider(stack, 'aws', { region: 'us-west-2' });
  loosenProviderVersions(stack, ['aws']);
  expect((Template.fromStack(stack).json as { terraform?: object }).terraform).toMatchObject({
    required_version: '>= 1.5',
    required_providers: { aws: { version: '>= 5.100, < 7.0' } },
  });
});

test('keeps its state next to cdktf.out, by a path that is the same on every machine', () => {
  expect(terraformOf(stackWith())).toMatchObject({ backend: { local: { path: '../../../terraform.infra.tfstate' } } });
});

test('keeps its state in the given backend', () => {
  const backend = (stack: InfrastructureStack) =>
    new S3Backend(stack, { bucket: 'state', key: 'infra', region: 'us-west-2' });
  expect(terraformOf(stackWith({ backend }))).toMatchObject({ backend: { s3: { bucket: 'state', key: 'infra' } } });
});

test('sets no tags by default', () => {
  expect(Template.fromStack(stackWith()).json.provider?.aws).toEqual([{ region: 'us-west-2' }]);
});

test.each([
  ['a region that isn’t one', { region: 'us-west-2a' }, 'region'],
  ['a tag that AWS reserves', { tags: { 'aws:x': 'y' } }, 'tags["aws:x"]'],
])('refuses %s', (_, props, property) => {
  expect(refusal(() => stackWith(props)).property).toBe(property);
});

test('is the same bytes on any path', () => {
  const written = ['one', 'two'].map((name) => {
    const outdir = mkdtempSync(join(tmpdir(), `ollama-eks-${name}-`));
    const app = new App({ outdir });
    new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
    app.synth();
    const json = readFileSync(join(outdir, 'stacks', 'infra', 'cdk.tf.json'), 'utf8');
    rmSync(outdir, { recursive: true });
    return json;
  });
  expect(written[0]).toBe(written[1]);
  expect(written[0]).not.toContain(tmpdir());
});
