import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EndpointEmulator } from '../../../test/emulators/endpoint';
import type { Proof } from '../../src/prove/proof';
import { Site } from './scale-site';
import { ALIAS, CONTEXT, KEY } from './world';

const FLAGS = ['prove', '-m', ALIAS, '--turns', '2', '--clients', '1', '--disruptive'];

let site: Site;
let server: EndpointEmulator;
let kong: EndpointEmulator;

beforeEach(async () => {
  site = new Site();
  kong = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: CONTEXT }], apiKey: KEY }).start();
  server = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: CONTEXT }] }).start();
  site.world.tools.ports.set('*', server.port);
  site.world.environment = { ...site.world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
});

afterEach(async () => {
  await Promise.all([kong.stop(), server.stop()]);
  site.world.remove();
});

const path = () => join(site.world.directory, 'proof/proof.json');
const proof = () => JSON.parse(readFileSync(path(), 'utf8')) as Proof;

test('asks, then scales to zero and back after the measurement, and records how long both took', async () => {
  const { code, out, err } = await site.world.run(...FLAGS, '--yes', '--json');
  expect(code).toBe(0);
  expect(proof().scale).toEqual({ toZeroSeconds: 30, toAnswerSeconds: 15 });
  expect((JSON.parse(out) as { proof: Proof }).proof).toEqual(proof());
  expect(proof().limits.join()).not.toContain('--disruptive');
  expect(readFileSync(path().replace('.json', '.md'), 'utf8')).toMatch(
    /from zero until every model answers \| 0:15 min/,
  );
  expect(site.desired).toBe(1);
  expect(err).toContain('if the servers do not come back, run ollama-eks scale resume');
});

test('measures nothing, and stops no server, without consent', async () => {
  const { code } = await site.world.run(...FLAGS);
  expect(code).toBe(2);
  expect([site.desired, kong.requests.length, existsSync(path())]).toEqual([1, 0, false]);
});

test('refuses before the measurement if a node group cannot go to zero', async () => {
  site.minimum = 1;
  const { code, err } = await site.world.run(...FLAGS, '--yes');
  expect([code, err]).toEqual([2, expect.stringContaining('has a minimum of 1')]);
  expect(kong.requests).toEqual([]);
});

test('keeps the measurement if the servers do not come back in time', async () => {
  site.step = () => {
    if (site.desired === 0 || site.deployment.spec.replicas === 0) site.follow();
  };
  const { code, err } = await site.world.run(...FLAGS, '--yes');
  expect([code, err]).toEqual([5, expect.stringContaining('min for server with its models in GPU memory')]);
  expect(proof().models[0]?.loads[0]?.turns).toBe(2);
  expect(proof().scale).toBeUndefined();
});
