import type { ModelFit } from '../sizing/fit-result';
import { manifestPath, modelAlias, shortModelName } from './model-alias';
import type { WorkloadPool } from './workload-spec';

/** The names by which clients ask for a pool's models. */
export function aliasesOf(pool: WorkloadPool): readonly string[] {
  return pool.fit.models.map(({ model }) => modelAlias(model.name, model.contextLength));
}

/** What the script of the server reads: alias, model, their manifests, digest, context, batch, gpu or any; `-` for none. */
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

/** What the script of the prover reads: alias, and the endpoint that suits the model. */
export function proverTable(pool: WorkloadPool): string {
  return table(pool.fit.models, ({ model }) => [
    modelAlias(model.name, model.contextLength),
    model.figures.embedding === true ? 'embed' : 'generate',
  ]);
}

function table(models: readonly ModelFit[], columns: (model: ModelFit) => readonly string[]): string {
  return models.map((model) => `${columns(model).join(' ')}\n`).join('');
}
