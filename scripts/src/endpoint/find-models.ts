import { parseModelName } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import type { Endpoint } from './endpoint';
import { parseAlias, servedModels, type ServedModel } from './served-model';

/** Finds the models: those that were named, those of the project's cluster, or those that the endpoint lists with their context. */
export async function findModels(
  context: Pick<Context, 'settings' | 'directory'>,
  named: readonly string[],
  endpoint?: Endpoint,
): Promise<readonly ServedModel[]> {
  if (named.length > 0) return [...new Set(named)].map(fromName);
  const project = findProject(context);
  if (project !== undefined) {
    const { summary } = findTarget(context, project);
    if (summary !== undefined) return servedModels(summary);
  }
  const listed = await endpoint?.models<{ readonly name: string }>('/api/tags');
  const models = (listed ?? []).flatMap(({ name }) => parseAlias(name) ?? []);
  if (models.length > 0) return models;
  throw new UsageError('the models to use are not known', {
    remedy: 'run this in a synthesized project, or name them with --model, such as qwen3-coder:30b-ctx64k',
  });
}

function fromName(name: string): ServedModel {
  const model = parseAlias(name);
  if (model === undefined) {
    throw new UsageError(`model name ${name} must end with its context`, {
      remedy: `use the alias that clients use, such as ${parseModelName(name) === undefined ? 'qwen3-coder:30b' : name}-ctx64k`,
    });
  }
  return model;
}
