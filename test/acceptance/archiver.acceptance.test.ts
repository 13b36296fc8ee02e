/** The library keeps CDKTF from loading archiver, which zips assets in a process of its own. */
import { REPOSITORY } from '@org/ollama-eks-tools/examples';
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workDir } from './support';

/** First bytes of a ZIP archive. @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.7 */
const ZIP = Buffer.from('PK\x03\x04');

const LOADED = 'Object.keys(require.cache).filter((path) => /node_modules.archiver/.test(path)).length';
const ARCHIVER = "require('node:module').createRequire(require.resolve('cdktf'))('archiver')";

/** Returns what an expression is after the packages were loaded. */
function after(packages: readonly string[], expression: string, env: NodeJS.ProcessEnv = {}): string {
  const program = [...packages.map((name) => `require('${name}');`), `console.log(${expression});`].join('\n');
  return execFileSync(process.execPath, ['-e', program], {
    cwd: REPOSITORY,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  }).trim();
}

describe('archiver', () => {
  const dir = workDir();

  test('is loaded by CDKTF alone, and not with the library', () => {
    expect(Number(after(['cdktf'], LOADED))).toBeGreaterThan(0);
    expect(after(['@org/ollama-eks', 'cdktf'], LOADED)).toBe('0');
  });

  test.each([[['@org/ollama-eks']], [['cdktf', '@org/ollama-eks']]])('is itself for others after %j', (packages) => {
    expect(after(packages, `typeof ${ARCHIVER}.create`)).toBe('function');
  });

  test('is itself for others after CDKTF could not be loaded', () => {
    const failing = `(() => {
      const constructs = require.resolve('constructs');
      require.cache[constructs] = { get exports() { throw new Error('broken'); }, loaded: true };
      try { require('@org/ollama-eks'); } catch (error) { return [error.message, typeof ${ARCHIVER}.create].join(); }
    })()`;
    expect(after([], failing)).toBe('broken,function');
  });

  test('loads no second CDKTF in an app that esbuild bundled', () => {
    const outfile = join(dir, 'app.js');
    const contents = "require('@org/ollama-eks');";
    buildSync({
      stdin: { contents, resolveDir: REPOSITORY },
      bundle: true,
      platform: 'node',
      logLevel: 'error',
      outfile,
    });
    const loaded = 'Object.keys(require.cache).filter((path) => /node_modules.cdktf/.test(path)).length';
    expect(after([outfile], loaded, { NODE_PATH: join(REPOSITORY, 'node_modules') })).toBe('0');
  });

  test('zips the assets of an app with the library', () => {
    const source = join(dir, 'source');
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, 'file.txt'), 'text');
    const archive = `(() => {
      const { App, AssetType, TerraformAsset, TerraformStack } = require('cdktf');
      const app = new App();
      const stack = new TerraformStack(app, 'stack');
      const asset = new TerraformAsset(stack, 'asset', { path: ${JSON.stringify(source)}, type: AssetType.ARCHIVE });
      app.synth();
      return require('node:path').join('stacks/stack', asset.path);
    })()`;
    const outdir = join(dir, 'cdktf.out');
    const path = after(['@org/ollama-eks'], archive, { CDKTF_OUTDIR: outdir });
    expect(readFileSync(join(outdir, path)).subarray(0, ZIP.length)).toEqual(ZIP);
  });
});
