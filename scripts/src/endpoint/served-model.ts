import {
  modelAlias,
  modelFigures,
  modelNames,
  parseModelAlias,
  parseModelName,
  shortModelName,
  type ClusterSummary,
} from '@org/ollama-eks/pure';

/** A model as clients request it. */
export interface ServedModel {
  /** Name with the context in it: `qwen3-coder:30b-ctx64k`. */
  readonly alias: string;
  /** Name of the same model without the context: `qwen3-coder:30b`. Servers give it the context of the alias. */
  readonly tag: string;
  /** Tokens of one request. */
  readonly contextLength: number;
  /** Whether it creates embeddings instead of text. */
  readonly embedding: boolean;
  /** Size of its weights; absent if the catalog does not have the model. */
  readonly bytes?: number;
}

/** Lists the models of a cluster, without duplicates, in the order of its pools. */
export function servedModels({ pools }: ClusterSummary): readonly ServedModel[] {
  const models = new Map<string, ServedModel>();
  for (const { name, contextLength } of pools.flatMap((pool) => pool.models)) {
    const alias = modelAlias(name, contextLength);
    models.set(alias, { alias, tag: shortModelName(name), contextLength, ...figuresOf(name) });
  }
  return [...models.values()];
}

/** Parses an alias; undefined for any other name. */
export function parseAlias(name: string): ServedModel | undefined {
  const parsed = parseModelAlias(name);
  if (parsed === undefined || parseModelName(parsed.name) === undefined) return undefined;
  const { name: tag, contextLength } = parsed;
  return { alias: name, tag, contextLength, ...figuresOf(tag) };
}

/** Looks a model up in the catalog. */
function figuresOf(name: string): Pick<ServedModel, 'embedding' | 'bytes'> {
  if (!modelNames().includes(name)) return { embedding: false };
  const { embedding = false, bytes } = modelFigures(name);
  return { embedding, bytes };
}
