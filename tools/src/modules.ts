/**
 * Writes the modules of `examples/hcl-module` to `dist/modules`, each with a README of its inputs and outputs: `npm run synth:modules`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './examples';
import { type ModuleJson, moduleReadme } from './module-readme';

const PROGRAM = join(REPOSITORY, 'examples/hcl-module');

/** Synthesizes the modules. Returns their names. @param target Folder for the modules, which is replaced. */
export function writeModules(target = join(REPOSITORY, 'dist/modules')): readonly string[] {
  const out = mkdtempSync(join(tmpdir(), 'ollama-eks-modules-'));
  try {
    const env = { ...process.env, CDKTF_OUTDIR: out };
    execFileSync(process.execPath, ['lib/modules.js'], { cwd: PROGRAM, env, stdio: 'inherit' });
    rmSync(target, { recursive: true, force: true });
    cpSync(join(out, 'stacks'), target, { recursive: true });
  } finally {
    rmSync(out, { recursive: true });
  }
  const names = readdirSync(target).sort();
  for (const name of names) {
    const json = JSON.parse(readFileSync(join(target, name, 'cdk.tf.json'), 'utf8')) as ModuleJson;
    writeFileSync(join(target, name, 'README.md'), `${moduleReadme(name, json)}\n`);
  }
  return names;
}

if (require.main === module) {
  process.stdout.write(
    `${writeModules()
      .map((name) => `dist/modules/${name}`)
      .join('\n')}\n`,
  );
}
