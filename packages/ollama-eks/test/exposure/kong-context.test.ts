import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KONG_CONTEXT } from '../../src/exposure/kong-context';
import { KongTransitExposure, type KongTransitExposureProps } from '../../src/exposure/kong-transit-exposure';
import { Template } from '../../src/testing';
import { refusal } from '../refusal';
import { ATTACHED, clusterOf, exposureStack, synthesize } from './support/exposed-stack';

describe('values that Konnect reports later can be in the context', () => {
  const withContext = (context: unknown, props: Partial<KongTransitExposureProps> = {}) => {
    const stack = exposureStack({ [KONG_CONTEXT]: context });
    new KongTransitExposure(stack, 'kong', { cluster: clusterOf(), kongCidr: '192.168.0.0/22', ...props });
    return Template.fromStack(stack);
  };

  it('for the cluster with that name, with the same effect as in the props', () => {
    const template = withContext({ ollama: ATTACHED, other: {} });
    expect(template.json).toEqual(synthesize({ ...ATTACHED }).template.json);
    expect(withContext({ other: ATTACHED }).json).toEqual(synthesize().template.json);
  });

  it('and props take precedence', () => {
    const template = withContext({ ollama: ATTACHED }, { kongProviderAccountId: '444455556666' });
    expect(template.resource('aws_ram_principal_association')['principal']).toBe('444455556666');
  });

  it('and are checked by the same rules', () => {
    const make = () => withContext({ ollama: { kongAttachmentId: 'tgw-0123' } });
    expect(refusal(make).property).toBe('kongAttachmentId');
  });

  it.each<[string, unknown]>([
    ['ollama-eks:kong', JSON.stringify({ ollama: ATTACHED })],
    ['ollama-eks:kong', [ATTACHED]],
    ['ollama-eks:kong.ollama', { ollama: ATTACHED.kongAttachmentId }],
    ['ollama-eks:kong.ollama', { ollama: null }],
    ['ollama-eks:kong.ollama.kongAttachmentID', { ollama: { kongAttachmentID: ATTACHED.kongAttachmentId } }],
    ['ollama-eks:kong.ollama.kongProviderAccountId', { ollama: { kongProviderAccountId: 111122223333 } }],
  ])('and are refused if they would be ignored: %s of %j', (property, context) => {
    expect(refusal(() => withContext(context)).property).toBe(property);
  });
});

describe('a program that is run without the command of CDKTF', () => {
  const started = process.cwd();
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ollama-eks-context-'));
    process.chdir(directory);
  });
  afterEach(() => {
    process.chdir(started);
    rmSync(directory, { recursive: true });
  });

  const write = (config: unknown) => writeFileSync('cdktf.json', JSON.stringify(config));

  it('reads the values from the context of cdktf.json', () => {
    write({ context: { [KONG_CONTEXT]: { ollama: ATTACHED } } });
    expect(synthesize().template.json).toEqual(synthesize({ ...ATTACHED }).template.json);
  });

  it('prefers the context that it was given', () => {
    write({ context: { [KONG_CONTEXT]: { ollama: ATTACHED } } });
    const stack = exposureStack({ [KONG_CONTEXT]: { ollama: {} } });
    new KongTransitExposure(stack, 'kong', { cluster: clusterOf(), kongCidr: '192.168.0.0/22' });
    expect(Template.fromStack(stack).resources('aws_ec2_transit_gateway_vpc_attachment_accepter')).toEqual({});
  });

  it.each([{}, { context: {} }, { context: { other: 1 } }])('needs no values in %j', (config) => {
    write(config);
    expect(synthesize().template.resources('aws_ec2_transit_gateway_vpc_attachment_accepter')).toEqual({});
  });

  it('refuses a file that is not JSON', () => {
    writeFileSync('cdktf.json', '{');
    expect(refusal(synthesize)).toMatchObject({ property: 'cdktf.json', remedy: 'correct the file' });
  });
});

it('warns until the attachment is known', () => {
  const warnings = (props: Partial<KongTransitExposureProps>) =>
    synthesize(props).exposure.node.metadata.map(({ data }): unknown => data);
  expect(warnings({})).toEqual([
    expect.stringMatching(/attachment .* not known yet.*ollama-eks konnect up.*cdktf.json/),
  ]);
  expect(warnings(ATTACHED)).toEqual([]);
});
