import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

const CONFIG = '{\n    "language": "typescript",\n    "app": "synth",\n    "context": { "delivery": "argocd" }\n}\n';
const REMOVED = /removed Kong's account and attachment from the context of cdktf\.json: commit it/;
const ACCEPTER = 'aws_ec2_transit_gateway_vpc_attachment_accepter';

let rig: CliRig;
beforeEach(() => {
  rig = new CliRig();
  writeFileSync(path(), CONFIG);
});
afterEach(() => rig.dispose());

const path = () => join(rig.directory, 'cdktf.json');
const text = () => readFileSync(path(), 'utf8');
const attachment = () =>
  (JSON.parse(text()) as { context?: Record<string, Record<string, { kongAttachmentId?: string }>> }).context?.[
    'ollama-eks:kong'
  ]?.['ollama-g5-12xlarge']?.kongAttachmentId;

/** Resource types of the infrastructure as a plain synth writes them. */
function plainSynth(): readonly string[] {
  rig.synth();
  const stack = readFileSync(join(rig.directory, 'cdktf.out/stacks/infra/cdk.tf.json'), 'utf8');
  return Object.keys((JSON.parse(stack) as { resource: object }).resource);
}

test("deploy writes Kong's account and attachment to cdktf.json once, so that a plain synth keeps its acceptance", async () => {
  const before = text();
  expect((await rig.deploy()).err).toMatch(/wrote Kong's account and attachment .*cdktf.json: commit it/);
  expect(attachment()).toMatch(/^tgw-attach-[0-9a-f]{17}$/);
  expect(text()).toContain('123456789012');
  expect(text().startsWith(before.slice(0, before.indexOf('{ "delivery"')))).toBe(true);
  expect(plainSynth()).toContain(ACCEPTER);
  const { mtimeMs } = statSync(path());
  expect((await rig.deploy()).err).not.toContain('commit it');
  expect(statSync(path()).mtimeMs).toBe(mtimeMs);
});

test('destroy removes them again', async () => {
  await rig.deploy();
  expect(await rig.destroy()).toMatchObject({ code: 0, err: expect.stringMatching(REMOVED) });
  expect(JSON.parse(text())).toEqual({ language: 'typescript', app: 'synth', context: { delivery: 'argocd' } });
});

test('konnect down removes them, even a second time, and konnect up writes them again', async () => {
  await rig.deploy();
  const deployed = attachment();
  expect((await rig.run(['konnect', 'down', '--dry-run'])).err).not.toMatch(REMOVED);
  expect(attachment()).toBe(deployed);
  expect((await rig.run(['konnect', 'down', '--yes'])).err).toMatch(REMOVED);
  expect(text()).not.toContain('ollama-eks:kong');
  expect((await rig.run(['konnect', 'down', '--yes'])).err).not.toMatch(REMOVED);
  writeFileSync(path(), text().replace('"argocd"', '"argocd", "ollama-eks:kong": { "ollama-g5-12xlarge": {} }'));
  await rig.run(['konnect', 'down', '--yes']);
  expect(text()).not.toContain('ollama-eks:kong');
  expect((await rig.run(['konnect', 'up', '--yes'])).code).toBe(0);
  expect(attachment()).toMatch(/^tgw-attach-/);
  expect(attachment()).not.toBe(deployed);
});

test('konnect up writes them even if everything in Konnect exists', async () => {
  await rig.deploy();
  const deployed = attachment();
  writeFileSync(path(), text().replace(/"ollama-eks:kong"[^]*?\}\s*\}/, '"other": {}'));
  expect((await rig.run(['konnect', 'up', '--yes'])).code).toBe(0);
  expect(attachment()).toBe(deployed);
});

test('deploy drops an attachment that no longer exists', async () => {
  await rig.deploy();
  const deployed = attachment();
  rig.konnect.world.transitGateways.clear();
  const { code, err } = await rig.deploy();
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(attachment()).not.toBe(deployed);
});
