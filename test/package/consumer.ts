import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { runProgram } from '../acceptance/support';

export const REPOSITORY = resolve(__dirname, '../..');

/** A package that is ready to be published. */
export interface Packed {
  readonly folder: string;
  readonly tarball: string;
}

/** Packs the library and the command line as a release publishes them. */
export async function pack(destination: string): Promise<Readonly<Record<'library' | 'commandLine', Packed>>> {
  const library = await runProgram(join(REPOSITORY, 'tools/pack'), [destination]);
  const scripts = join(REPOSITORY, 'scripts');
  const commandLine = await runProgram('npm', ['pack', '--silent', scripts], { cwd: destination });
  return {
    library: { folder: join(destination, 'package'), tarball: library.stdout.trim() },
    commandLine: { folder: scripts, tarball: join(destination, commandLine.stdout.trim()) },
  };
}

/** Returns the paths of all files in a folder, relative to it. */
export function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((file) => relative(folder, join(file.parentPath, file.name)));
}

/** Creates a folder outside of the repository that contains only installed packages, which is what a user starts from. */
export async function consumer(dir: string, packages: readonly string[]): Promise<void> {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ private: true }));
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
  await runProgram('npm', ['install', ...quiet, ...packages], { cwd: dir });
}

/** Compiles a `main.ts` in a folder with the repository's TypeScript. */
export async function compile(dir: string, program: string, compilerOptions: object): Promise<void> {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'main.ts'), program);
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  await runProgram(process.execPath, [require.resolve('typescript/lib/tsc.js'), '-p', '.'], { cwd: dir });
}

/** Compiles `main.ts` in a folder and runs it. */
export async function compileAndRun(dir: string, program: string, compilerOptions: object): Promise<void> {
  await compile(dir, program, compilerOptions);
  await runProgram(process.execPath, ['main.js'], { cwd: dir });
}
