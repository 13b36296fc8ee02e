import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runProgram } from '../acceptance/support';

export const REPOSITORY = resolve(__dirname, '../..');

/** Output of `npm pack` for a tarball. */
export interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Packs a workspace as `npm publish` does. */
export async function pack(workspace: string, destination: string): Promise<Packed> {
  const { stdout } = await runProgram('npm', ['pack', '--json', '--pack-destination', destination], {
    cwd: join(REPOSITORY, workspace),
  });
  const [packed] = JSON.parse(stdout) as Packed[];
  if (packed === undefined) {
    throw new Error(`npm pack printed nothing for ${workspace}`);
  }
  return { ...packed, filename: join(destination, packed.filename) };
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
