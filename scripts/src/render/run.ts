import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { copySynthesizedTrees } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { print } from '../program/output';
import { counted } from '../program/words';
import { readProject } from '../project/project';

/** Options of `render`. */
export interface RenderFlags {
  readonly example?: string;
  /** Compare, write nothing. */
  readonly check?: boolean;
}

/** Copies the GitOps trees that synth wrote to the repository, or checks that the repository has them. */
export function renderTrees(context: Context, directory: string, { example, check = false }: RenderFlags): void {
  const target = resolve(context.directory, directory);
  const { output: synthesized } = readProject(context, example);
  const staging = mkdtempSync(join(tmpdir(), 'ollama-eks-render-'));
  try {
    const paths = copySynthesizedTrees(synthesized, staging);
    if (paths.length === 0)
      throw new UsageError(
        `${synthesized} has no GitOps tree: the project is not delivered by Argo CD, or is not synthesized`,
      );
    const drift = paths.flatMap((path) =>
      differences(join(staging, path), join(target, path)).map((file) => join(path, file)),
    );
    if (check && drift.length > 0) {
      throw new CommandError(ExitCode.failedState, `differs from what synth wrote: ${drift.join(', ')}`, {
        remedy: 'run ollama-eks render, and commit the result',
      });
    }
    if (!check && !context.flags.dryRun) copySynthesizedTrees(synthesized, target);
    const verb = check ? 'up to date' : context.flags.dryRun ? 'would write' : 'wrote';
    print(context, { directory: target, paths, changed: drift }, () =>
      paths
        .map(
          (path) =>
            `${verb}: ${relative(context.directory, join(target, path)) || '.'} (${counted(drift.length, 'file')} changed)`,
        )
        .join('\n'),
    );
  } finally {
    rmSync(staging, { recursive: true });
  }
}

/** Lists the files that differ, or exist in only one of the folders. */
function differences(left: string, right: string): readonly string[] {
  const [these, those] = [filesIn(left), filesIn(right)];
  const all = [...new Set([...these.keys(), ...those.keys()])].sort();
  return all.filter((file) => these.get(file) !== those.get(file));
}

function filesIn(directory: string): ReadonlyMap<string, string> {
  const names = existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }) : [];
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}
