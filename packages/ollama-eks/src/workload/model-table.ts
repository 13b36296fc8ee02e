import type { ModelFit } from '../sizing/fit-result';
import { manifestPath, modelAlias, shortModelName } from './model-alias';
import type { WorkloadPool } from './workload-spec';

/** Returns the names by which clients request a pool's models. */
export function aliasesOf(pool: WorkloadPool): readonly string[] {
  return pool.fit.models.map(({ model }) => modelAlias(model.name, model.contextLength));
}

/** Returns the server script's table: alias, model, their manifests, digest, context, batch, gpu or any; `-` for none. */
export function serverTable(pool: WorkloadPool): string {
  return table(pool.fit.models, ({ model, numBatch }) => [
    modelAlias(model.name, model.contextLength),
    shortModelName(model.name),
    manifestPath(modelAlias(model.name, model.contextLength)),
    manifestPath(model.name),
    model.digest?.replace(/^sha256:/, '') ?? '-',
    String(model.contextLength),
    String(numBatch ?? '-'),
    pool.allowCpu === true ? 'any' : 'gpu',
  ]);
}

/** Returns the prover script's table: alias, and the endpoint that the model supports. */
export function proverTable(pool: WorkloadPool): string {
  return table(pool.fit.models, ({ model }) => [
    modelAlias(model.name, model.contextLength),
    model.figures.embedding === true ? 'embed' : 'generate',
  ]);
}

function table(models: readonly ModelFit[], columns: (model: ModelFit) => readonly string[]): string {
  return models.map((model) => `${columns(model).join(' ')}\n`).join('');
}
