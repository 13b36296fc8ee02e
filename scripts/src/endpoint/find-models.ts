import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import type { Endpoint } from './endpoint';
import { parseAlias, servedModels, type ServedModel } from './served-model';

/** Models that were named, or else those of the project's cluster, or else those that the endpoint lists with their context. */
export async function findModels(
  context: Pick<Context, 'settings' | 'directory'>,
  named: readonly string[],
  endpoint?: Endpoint,
): Promise<readonly ServedModel[]> {
  if (named.length > 0) return named.map(fromName);
  const project = findProject(context);
  if (project !== undefined) {
    const { summary } = findTarget(context, project);
    if (summary !== undefined) return servedModels(summary);
  }
  const listed = await endpoint?.json<{ models?: readonly { name: string }[] }>('/api/tags');
  const models = (listed?.models ?? []).flatMap(({ name }) => parseAlias(name) ?? []);
  if (models.length > 0) return models;
  throw new UsageError(
    'which models? Run this in a project that was synthesized, or name them with --model, e.g. qwen3-coder:30b-ctx64k',
  );
}

function fromName(name: string): ServedModel {
  const model = parseAlias(name);
  if (model === undefined) {
    throw new UsageError(`${name} does not tell its context`, {
      remedy: `name the alias that clients use, e.g. ${name}-ctx64k`,
    });
  }
  return model;
}
