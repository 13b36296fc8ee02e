import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = join(__dirname, '..');
const { bin } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { bin: Record<string, string> };
const path = bin['ollama-eks'] ?? '';

let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'ollama-eks-bin-'));
  mkdirSync(join(copy, 'bin'));
  cpSync(join(PACKAGE, path), join(copy, path));
});

afterEach(() => {
  rmSync(copy, { recursive: true });
});

const run = () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, path)], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('the file that npm links is in the repository and can be run', () => {
  expect(path).not.toMatch(/^lib\//);
  expect(statSync(join(PACKAGE, path)).mode & 0o111).toBe(0o111);
});

test('before the first build it fails with exit code 2', () => {
  expect(run()).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining('npm run build') });
});

test('after the build it runs the result', () => {
  mkdirSync(join(copy, 'lib'));
  writeFileSync(join(copy, 'lib/bin.js'), "console.log('built')");
  expect(run()).toEqual({ status: 0, stdout: 'built\n', stderr: '' });
});
