/** docs/clients.md lists every tool, in the version that the acceptance test installs, with what that test proves. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TOOLS } from '../../../../scripts/src/client/tools';
import { REAL_TOOLS, type RealTool } from './real-tools';

const page = readFileSync(resolve(__dirname, '../../../../docs/clients.md'), 'utf8');
const versions = { ...npmVersions(), ...pythonVersions() };

test('every tool that can be configured is tested for real', () => {
  expect(REAL_TOOLS.flatMap(({ name = [] }) => name).sort()).toEqual(TOOLS.map(({ name }) => name).sort());
});

test('docs/clients.md lists what was tested, row by row', () => {
  expect(tableBelow('What was tested')).toEqual(REAL_TOOLS.map(testedRow));
});

test('docs/clients.md lists the other hosts of each tool, row by row', () => {
  expect(tableBelow('Other hosts')).toEqual(REAL_TOOLS.map(hostsRow));
});

function testedRow({ name, title, package: packageName, path, shell, limit = Infinity }: RealTool): string {
  const silence = limit > 310 ? 'yes' : 'no';
  const call = shell === undefined ? 'no tools' : 'yes';
  const off = name === undefined ? 'no file' : 'yes';
  return row(title, versions[packageName] ?? '', 'yes', `\`${path}\``, 'yes', 'yes', call, silence, silence, off);
}

function hostsRow({ title, elsewhere }: RealTool): string {
  return row(title, elsewhere?.hosts.join(', ') ?? 'none', elsewhere?.off ?? '');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Rows of the generated table below a heading. */
function tableBelow(heading: string): readonly string[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const [, table = ''] = section.split('<!-- prettier-ignore-start -->\n');
  const [rows = ''] = table.split('<!-- prettier-ignore-end -->');
  return rows.trim().split('\n').slice(2);
}

function npmVersions(): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(join(__dirname, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return dependencies;
}

function pythonVersions(): Readonly<Record<string, string>> {
  const lines = readFileSync(join(__dirname, 'requirements.txt'), 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split('==') as [string, string]));
}
