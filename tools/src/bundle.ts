/**
 * Puts all modules of the library into one file, in a folder that has the package as npm publishes it. `npm run bench` shows what that
 * saves Node.js. Jest reads and wraps each module again for each test file: measured once, it loads the file in 140 ms, and the modules
 * in 310. Nothing is minified, so traces of errors are readable.
 *
 *     node tools/lib/bundle.js FOLDER    an unpacked package; or packages/ollama-eks itself, just before it is published
 *
 * Exit codes: 0 done, 1 it failed, 2 invalid usage.
 */
import { buildSync } from 'esbuild';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { parseArgs } from 'node:util';
import { command } from './command';
import { REPOSITORY } from './examples';

/** The library as TypeScript compiled it. */
const COMPILED = join(REPOSITORY, 'packages/ollama-eks');

/** File with all modules, relative to the package. */
const BUNDLE = 'lib/bundle.js';

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** Replaces the modules in a folder by one file with all of them, and one file per entry, which loads only what it needs of that. */
function bundle(folder: string): void {
  const entries = entriesOf(folder);
  const files = new Map([[BUNDLE, bundled(entries)], ...entries.map((entry) => [entry, entryFile(entry)] as const)]);
  const compiled = readdirSync(join(folder, 'lib'), { recursive: true, encoding: 'utf8' });
  // Without the record of what it compiled, TypeScript would not write the modules again.
  compiled.filter((file) => /\.(js|tsbuildinfo)$/.test(file)).forEach((file) => rmSync(join(folder, 'lib', file)));
  files.forEach((text, file) => writeFileSync(join(folder, file), text));
}

/** Returns the modules that users load, such as `lib/index.js`. */
function entriesOf(folder: string): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [] : [posix.normalize(target.default)],
  );
}

/** Returns a module that exports one function per entry, which returns its exports. */
function bundled(entries: readonly string[]): string {
  const contents = entries.map((entry) => `exports['${entry}'] = () => require('./${entry}');`).join('\n');
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: COMPILED },
    absWorkingDir: COMPILED, // modules are called by their paths in the package, in traces, too
    bundle: true,
    keepNames: true, // of classes, some of which esbuild would call _Template, and so would Jest and console.log
    packages: 'external',
    platform: 'node',
    target: 'node20',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** Returns an entry, with the names of its exports in a form that Node.js finds when an ES module imports them. */
function entryFile(entry: string): string {
  const names = Object.keys(createRequire(join(COMPILED, entry))(`./${posix.basename(entry)}`) as object);
  const path = posix.relative(dirname(entry), BUNDLE);
  return [
    "'use strict';",
    `module.exports = require('./${path}')['${entry}']();`,
    `0 && (module.exports = { ${names.join(', ')} });`,
    '',
  ].join('\n');
}

function parse(args: string[]): string {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Error('usage: node tools/lib/bundle.js FOLDER');
  return folder;
}

command(parse, (folder) => {
  bundle(folder);
  return Promise.resolve(0);
});
