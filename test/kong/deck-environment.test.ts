/** Values from the environment are inserted into the file unchanged, so those that could change its structure are refused. */
import { checkDeckEnvironment, deckFiles, kongConfigFile } from '@org/ollama-eks';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readState } from './support/deck-template';
import { CERTIFICATE, ENVIRONMENT } from './support/environment';

const CONFIG = deckFiles()['kong-config.yaml'];
const CONSUMERS = deckFiles()['kong-consumers.example.yaml'];

it('accepts the values of an installation, for each file those that it needs', () => {
  const withoutAdmin = { ...ENVIRONMENT, DECK_OLLAMA_ADMIN_HOSTNAME: undefined };
  expect(() => checkDeckEnvironment(withoutAdmin)).not.toThrow();
  expect(() => checkDeckEnvironment(ENVIRONMENT, CONSUMERS)).not.toThrow();
  const admin = kongConfigFile({ requestTimeoutSeconds: 900, adminRoutes: true });
  expect(() => checkDeckEnvironment(ENVIRONMENT, admin)).not.toThrow();
  expect(() => checkDeckEnvironment(withoutAdmin, admin)).toThrow('DECK_OLLAMA_ADMIN_HOSTNAME: is not set');
});

it.each(Object.keys(ENVIRONMENT))('requires %s if the file uses it', (variable) => {
  const file = `x: '\${{ env "${variable}" }}'`;
  expect(() => checkDeckEnvironment({ ...ENVIRONMENT, [variable]: undefined }, file)).toThrow(
    `${variable}: is not set`,
  );
  expect(() => checkDeckEnvironment({ ...ENVIRONMENT, [variable]: '' }, file)).toThrow(variable);
});

const HOSTILE = [
  'a.example.com\nplugins: []',
  "a.example.com'",
  'a.example.com"',
  'a.example.com: x',
  'a.example.com #',
  '- a.example.com',
  '{a.example.com}',
  '${{ env "DECK_KONNECT_TOKEN" }}',
  'a.example.com\r',
  'a.example.com\t',
  ' a.example.com',
  'a.example.com:8443',
  'http://a.example.com',
  'user@a.example.com',
  'localhost',
  '-a.example.com',
  'a..example.com',
  `${'a'.repeat(64)}.example.com`,
  '*.example.com',
  'exämple.com',
];

it.each(HOSTILE)('refuses the hostname %j', (value) => {
  for (const variable of ['DECK_OLLAMA_UPSTREAM_HOST', 'DECK_OLLAMA_GATEWAY_HOSTNAME']) {
    expect(() => checkDeckEnvironment({ ...ENVIRONMENT, [variable]: value })).toThrow(variable);
  }
});

it.each([
  'not a certificate',
  `${CERTIFICATE}services: []\n`,
  `x\n${CERTIFICATE}`,
  CERTIFICATE.replaceAll('\n', '\\n'),
  CERTIFICATE.replaceAll('\n', '\r\n'),
  CERTIFICATE.replace('CERTIFICATE', 'EC PRIVATE KEY'),
  '-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n',
  CERTIFICATE.replace('MIIB', 'MI"B'),
  CERTIFICATE.replace('\n', '\n  '),
  CERTIFICATE + CERTIFICATE, // a chain: Kong takes one certificate at a time
])('refuses as certificate %j', (value) => {
  const environment = { ...ENVIRONMENT, DECK_OLLAMA_CA_CERTIFICATE: value };
  expect(() => checkDeckEnvironment(environment)).toThrow('DECK_OLLAMA_CA_CERTIFICATE');
});

it('accepts a certificate with or without the last line break', () => {
  for (const value of [CERTIFICATE, CERTIFICATE.trimEnd()]) {
    const environment = { ...ENVIRONMENT, DECK_OLLAMA_CA_CERTIFICATE: value };
    expect(() => checkDeckEnvironment(environment)).not.toThrow();
    expect(readState(CONFIG, environment)).toMatchObject({ ca_certificates: [{ cert: `${value.trimEnd()}\n` }] });
  }
});

it('refuses a key that is short or could end its quotes, without printing it', () => {
  const secret = "short'key";
  const environment = { ...ENVIRONMENT, DECK_KEY_TEAM_ALPHA: secret };
  expect(() => checkDeckEnvironment(environment, CONSUMERS)).toThrow('DECK_KEY_TEAM_ALPHA');
  expect(() => checkDeckEnvironment(environment, CONSUMERS)).not.toThrow(secret);
});

it('no accepted value changes the structure of the file', () => {
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value !== 'object' || value === null) return typeof value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item)]));
  };
  const text = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
    fc.stringMatching(/^[a-z0-9.'":#{}\n -]{1,60}$/),
    fc.domain(),
    fc.stringMatching(/^[A-Za-z0-9._~+/=-]{32,64}$/),
  );
  const files = [CONFIG, CONSUMERS].map((file) => [file, shape(parse(file))] as const);
  let passed = 0;
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(ENVIRONMENT)), text, (variable, value) => {
      const environment = { ...ENVIRONMENT, [variable]: value };
      for (const [file, expected] of files.filter(([content]) => content.includes(variable))) {
        try {
          checkDeckEnvironment(environment, file);
        } catch {
          continue;
        }
        passed += 1;
        expect(shape(readState(file, environment))).toEqual(expected);
      }
    }),
    { seed: 5, numRuns: 300 },
  );
  expect(passed).toBeGreaterThan(20);
});
