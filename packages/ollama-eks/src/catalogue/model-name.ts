// https://github.com/ollama/ollama/blob/v0.32.15/types/model/name.go

/** Parts of a model's name, with Ollama's defaults for those that it omits. */
export interface ModelName {
  /** Registry, with its port if that is not 443. */
  readonly host: string;
  readonly namespace: string;
  readonly model: string;
  /** `latest` if `hasTag` is false. */
  readonly tag: string;
  readonly hasTag: boolean;
}

export const DEFAULT_REGISTRY = 'registry.ollama.ai';
export const DEFAULT_NAMESPACE = 'library';
const DEFAULT_TAG = 'latest';
/** Form of a name, in which each part begins with a letter, digit or underscore. */
export const MODEL_NAME_FORM = '[[host[:port]/]namespace/]model:tag';
const NAME =
  /^(?:(?:(?<host>\w[\w.-]*(?::\d{1,5})?)\/)?(?<namespace>\w[\w-]*)\/)?(?<model>\w[\w.-]*)(?::(?<tag>\w[\w.-]*))?$/;

/** Parses the name of a model. Returns undefined for any other value. */
export function parseModelName(name: unknown): ModelName | undefined {
  const parts = typeof name === 'string' ? NAME.exec(name)?.groups : undefined;
  if (parts?.['model'] === undefined) return undefined;
  const { host = DEFAULT_REGISTRY, namespace = DEFAULT_NAMESPACE, model, tag } = parts;
  return { host, namespace, model, tag: tag ?? DEFAULT_TAG, hasTag: tag !== undefined };
}
