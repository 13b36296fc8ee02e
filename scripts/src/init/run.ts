import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { print } from '../program/output';
import { shellLine } from '../program/shell-words';
import { createFolder, readJsonFile, writeTextFile } from '../program/text-file';
import { askForProject, type InitFlags } from './ask';
import { linesOf, nextSteps } from './next-steps';
import { ALWAYS_WRITTEN, projectFiles, type Dependencies } from './project-files';
import { fitOf, sizeInWords } from './sizes';

/** Creates a project from flags and answers. Refuses a model that does not fit the GPU before it writes a file. */
export async function initProject(context: Context, directory: string, flags: InitFlags): Promise<void> {
  const target = resolve(context.directory, directory);
  requireFree(target, ALWAYS_WRITTEN); // before the questions
  const spec = await askForProject(context, flags);
  const files = projectFiles(spec, dependencies());
  const names = [...files.keys()];
  requireFree(target, names);
  if (!context.flags.dryRun) {
    // All folders first: a file that is in the way must not leave half a project.
    for (const name of names) createFolder(dirname(join(target, name)));
    for (const [name, text] of files) writeTextFile(join(target, name), text);
  }
  const steps = [...(directory === '.' ? [] : [{ line: shellLine('cd', directory) }]), ...nextSteps(spec)];
  print(context, { directory: target, files: names, ...spec }, () =>
    [
      `${context.flags.dryRun ? 'would write' : 'wrote'} ${names.join(', ')} to ${target}`,
      `${spec.model} on ${spec.instanceType}: ${sizeInWords(fitOf(spec, spec.instanceType))}`,
      ...['', 'next:', ...linesOf(steps).map((line) => `  ${line}`)],
    ].join('\n'),
  );
}

function requireFree(target: string, names: readonly string[]): void {
  const present = names.filter((name) => existsSync(join(target, name)));
  if (present.length > 0)
    throw new UsageError(`${target} already has ${present.join(', ')}`, { remedy: 'choose an empty folder' });
}

/** Reads the version of the library and of its peer dependencies. */
function dependencies(): Dependencies {
  const file = require.resolve('@org/ollama-eks/package.json');
  const { version, peerDependencies } = readJsonFile<{ version: string; peerDependencies: Dependencies['peers'] }>(
    file,
  );
  const { typescript = false } = process.features as { readonly typescript?: string | false };
  return { library: version, peers: peerDependencies, runsTypeScript: typescript !== false };
}
