import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings } from '../../src/program/resolved-settings';
import { SETTINGS, type Setting } from '../../src/program/settings';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ollama-eks-settings-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('a flag takes precedence over the environment, then .env, then the file', () => {
  const resolve = (flags: object, env: object) => Settings.resolve({ ...flags }, { ...env }, directory);
  const control = (settings: Settings) => [settings.get('controlPlane'), settings.source('controlPlane')];
  expect(control(resolve({}, {}))).toEqual([undefined, undefined]);
  expect(resolve({}, {}).source('konnectGeo')).toBe('default');
  writeFileSync(join(directory, 'ollama-eks.yaml'), 'konnect: {controlPlane: from-file}\n');
  expect(control(resolve({}, {}))).toEqual(['from-file', 'ollama-eks.yaml']);
  writeFileSync(join(directory, '.env'), 'KONNECT_CONTROL_PLANE_NAME="from-dotenv"\n');
  expect(control(resolve({}, {}))).toEqual(['from-dotenv', '.env']);
  const env = { KONNECT_CONTROL_PLANE_NAME: 'from-env' };
  expect(control(resolve({}, env))).toEqual(['from-env', 'environment']);
  expect(control(resolve({ controlPlane: 'from-flag' }, env))).toEqual(['from-flag', 'flag']);
});

test('.env is parsed, never executed', () => {
  writeFileSync(join(directory, '.env'), 'KONNECT_TOKEN=$(touch pwned)\n');
  expect(Settings.resolve({}, {}, directory).get('konnectToken')).toBe('$(touch pwned)');
});

test('an unknown key in the file is refused, with the known keys', () => {
  writeFileSync(join(directory, 'ollama-eks.yaml'), 'konnect: {controlplane: typo}\n');
  expect(() => Settings.resolve({}, {}, directory)).toThrow(
    /unknown key "konnect.controlplane"; allowed: .*konnect.controlPlane/,
  );
});

test('a secret in the file is refused as an unknown key', () => {
  writeFileSync(join(directory, 'ollama-eks.yaml'), 'konnect: {token: kpat_x}\n');
  expect(() => Settings.resolve({}, {}, directory)).toThrow(/unknown key "konnect.token"/);
});

test('an invalid value is refused, with the allowed values, whatever its source', () => {
  expect(() => Settings.resolve({}, { KONNECT_REGION: 'uk' }, directory)).toThrow(
    'KONNECT_REGION = "uk": is not supported; allowed: us, eu, au, me, in, sg',
  );
});

test.each([
  ['KONNECT_PROVIDER_ACCOUNT', '12345678901', '123456789012', 'the 12 digits of an AWS account'],
  ['KONNECT_PROVIDER_ACCOUNT', 'kong', '790b70ac-25c7-4bd3-8c7f-1f5d84f0b3c8', 'or the ID of a provider account'],
  ['KONG_GATEWAY_VERSION', '3.14.0.1', '3.15', 'must be a major and minor version'],
  ['KONG_GATEWAY_VERSION', 'latest', '3.14', 'must be a major and minor version'],
])('%s = %j is refused before anything is asked for, %j is not', (variable, wrong, right, problem) => {
  expect(() => Settings.resolve({}, { [variable]: wrong }, directory)).toThrow(problem);
  expect(() => Settings.resolve({}, { [variable]: right }, directory)).not.toThrow();
});

test('the error for a missing value lists every way to set it', () => {
  expect(() => Settings.resolve({}, {}, directory).require('awsRegion')).toThrow(
    'AWS region of the cluster is not set; set it with --region, the environment variable AWS_REGION, region in ollama-eks.yaml',
  );
});

test.each([
  ['--region', { region: 'mars' }, /--region = "mars": must be an AWS region; allowed: a name such as us-west-2/],
  ['--kong-cidr', { kongCidr: 'foo' }, /--kong-cidr = "foo": is not an IPv4 range; allowed: IPv4 CIDR notation/],
  ['--kong-cidr', { kongCidr: '192.168.0.0/30' }, /"?\/30.* allowed: \/16 to \/23/],
  ['--kong-cidr', { kongCidr: '010.0.0.0/22' }, /--kong-cidr = "010.0.0.0\/22": is not an IPv4 range/],
  ['--kong-cidr', { kongCidr: '10.100.4.0/22' }, /overlaps 10.100.0.0\/16 of Kong itself/],
  ['--kong-cidr', { kongCidr: '203.0.112.0/22' }, /is not supported by Kong; allowed: 10.0.0.0\/8/],
])('%s: what cannot be is refused with what can', (_, flags, words) => {
  expect(() => Settings.resolve(flags, {}, directory)).toThrow(words);
});

test('the replacement of a missing value is separate from its description', () => {
  expect(() => Settings.resolve({}, {}, directory).require('proxyUrl', 'or else')).toThrow(
    'base URL of the endpoint is not set; set it with --proxy-url, the environment variable OLLAMA_EKS_URL, url in ollama-eks.yaml; or else',
  );
});

test('the error for an invalid file or a folder contains its name', () => {
  const file = join(directory, 'ollama-eks.yaml');
  writeFileSync(file, 'region: [us-west-2\ncluster: {');
  expect(() => Settings.resolve({}, {}, directory)).toThrow(
    new RegExp(`^${file} is not YAML: .* in line 2; correct it$`),
  );
  rmSync(file);
  mkdirSync(join(directory, '.env'));
  expect(() => Settings.resolve({}, {}, directory)).toThrow(`${join(directory, '.env')} is a folder; specify a file`);
  rmSync(join(directory, '.env'), { recursive: true });
  expect(() => Settings.resolve({}, { KONNECT_TOKEN_FILE: directory }, directory)).toThrow(
    `KONNECT_TOKEN_FILE is "${directory}", which is a folder; specify a file`,
  );
});

test('every setting has one name in each place, and secrets have neither flag nor key', () => {
  const all: Setting[] = Object.values(SETTINGS);
  for (const property of ['flag', 'env', 'key'] as const) {
    const names = all.flatMap((setting) => setting[property] ?? []);
    expect(new Set(names).size).toBe(names.length);
  }
  for (const setting of all.filter(({ secret }) => secret)) {
    expect(setting.flag).toBeUndefined();
    expect(setting.key).toBeUndefined();
  }
});

test('a secret may be in a separate file whose path is in the environment', () => {
  const path = join(directory, 'token');
  writeFileSync(path, 'kpat_from-a-file\n');
  const resolve = (env: object) => Settings.resolve({}, { ...env }, directory);
  expect(resolve({ KONNECT_TOKEN_FILE: path }).get('konnectToken')).toBe('kpat_from-a-file');
  expect(resolve({ KONNECT_TOKEN_FILE: path, KONNECT_TOKEN: 'kpat_direct' }).get('konnectToken')).toBe('kpat_direct');
  expect(() => resolve({ KONNECT_TOKEN_FILE: join(directory, 'none') })).toThrow(
    /KONNECT_TOKEN_FILE is ".*none", which does not exist/,
  );
  expect(() => resolve({}).require('konnectToken')).toThrow(/KONNECT_TOKEN_FILE \(path of a file\)/);
});
