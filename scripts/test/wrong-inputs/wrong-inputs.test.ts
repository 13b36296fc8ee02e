/**
 * What a user can get wrong, in programs, flags, settings, and files: each error names the property and its value, what is allowed, and
 * what to do. With WRONG_INPUTS=FILE, writes the table of all messages.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import * as library from '@org/ollama-eks';
import { App } from 'cdktf';
import { World } from '../day2/world';
import { WRONG_COMMAND_LINES } from './command-lines';
import { WRONG_PROGRAMS } from './programs';

const { ValidationError } = library;

/** Rows of the table: the input, and the message. */
const rows: [string, string][] = [];

afterAll(() => {
  const file = process.env['WRONG_INPUTS'];
  if (file === undefined) return;
  const cell = (text: string) =>
    text
      .trim()
      .replaceAll('|', String.raw`\|`)
      .replaceAll('\n', ' ');
  const lines = rows.map(([input, message]) => `| \`${cell(input)}\` | ${cell(message)} |`);
  writeFileSync(file, ['| input | message |', '| --- | --- |', ...lines, ''].join('\n'));
});

/** What programs may call: constructs whose other props are right, in one app for each program. */
function surroundings(): Readonly<Record<string, unknown>> {
  const app = new App();
  const infra = new library.InfrastructureStack(app, 'infra', { region: 'us-west-2' });
  const models = [{ name: 'llama3.1:8b', contextLength: 32_768 }];
  const right = { clusterName: 'ollama', gpu: { instanceType: 'g5.xlarge' }, models };
  const cluster = (props: object) => new library.OllamaGpuCluster(infra, 'cluster', { ...right, ...props });
  const create =
    <Props extends object>(
      Construct: new (scope: library.PlatformStack, id: string, props: Props) => object,
      others: (cluster: library.OllamaGpuCluster) => Props,
    ) =>
    (props: object) => {
      const own = cluster({});
      const platform = new library.PlatformStack(app, 'platform', { cluster: own });
      return new Construct(platform, 'construct', { ...others(own), ...props });
    };
  return {
    ...library,
    app,
    cluster,
    internal: (props: object) =>
      new library.InternalExposure(infra, 'internal', { cluster: cluster({}), callerCidrs: ['10.8.0.0/24'], ...props }),
    kong: (props: object) =>
      new library.KongTransitExposure(infra, 'kong', { cluster: cluster({}), kongCidr: '192.168.0.0/22', ...props }),
    mesh: create(library.AmbientMesh, (own) => ({ cluster: own })),
    argocd: create(library.ArgoCdDelivery, (own) => ({
      ...{ sources: [own], repository: 'https://github.com/acme/platform', revision: 'v1.0.0', path: 'argocd/ollama' },
    })),
    helm: create(library.HelmDelivery, (own) => ({ sources: [own] })),
  };
}

/** Runs a program in JavaScript, and returns what it throws. */
function thrownBy(program: string): unknown {
  const names = surroundings();
  try {
    (compileFunction(program, Object.keys(names)) as (...values: unknown[]) => void)(...Object.values(names));
  } catch (error) {
    return error;
  }
  return undefined;
}

test.each(WRONG_PROGRAMS)('%s', (program, property, value) => {
  const error = thrownBy(program);
  expect(error).toBeInstanceOf(ValidationError);
  const { message, allowed, remedy } = error as library.ValidationError;
  rows.push([program, message]);
  expect(message).toContain(property);
  expect(message).toContain(value);
  expect(allowed).not.toBe('');
  expect(remedy).not.toBe('');
});

/** What an error of a command says: what is allowed, and what to do. Words of commander count, too. */
const ALLOWED =
  /allowed: |must |does not exist|is not (set|JSON|YAML)|one of: |Did you mean|argument missing|Allowed choices|is a folder|is not a secret/;
const REMEDY = /; [^;]+\n$|\(.*see ollama-eks .*--help\)/;

test.each(WRONG_COMMAND_LINES)(
  '$argv $environment $files',
  async ({ argv, environment, files = {}, property, value }) => {
    const world = new World();
    try {
      Object.assign(world.environment, environment);
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(world.directory, path)), { recursive: true });
        writeFileSync(join(world.directory, path), text);
      }
      const { code, out, err } = await world.run(...argv);
      const set = Object.entries(environment ?? {}).map(([name, text]) => `${name}=${text} `);
      const given = Object.entries(files).map(([path, text]) => ` (${path}: ${text.trim()})`);
      rows.push([`${set.join('')}ollama-eks ${argv.join(' ')}${given.join('')}`, err.replaceAll(world.directory, '.')]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(property);
      expect(err).toContain(value);
      expect(err).toMatch(ALLOWED);
      expect(err).toMatch(REMEDY);
    } finally {
      world.remove();
    }
  },
);

test('there are at least 60', () => {
  expect(WRONG_PROGRAMS.length + WRONG_COMMAND_LINES.length).toBeGreaterThanOrEqual(60);
});
