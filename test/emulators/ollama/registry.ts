import { createHash } from 'node:crypto';

/** Parameters of a model, such as `num_ctx`. */
export type Parameters = Readonly<Record<string, number>>;

/** What the weights of a model say about it. */
export interface Weights {
  /** Bytes of the file. */
  readonly bytes: number;
  /** Native context in tokens; a longer one that is asked for is cut to it. */
  readonly contextLength: number;
  /** Makes embeddings and no text. */
  readonly embedding?: boolean;
  /** Told apart from other weights of the same name: a tag that has moved. */
  readonly revision?: string;
}

/** A model as the registry has it. */
export interface RegistryModel extends Weights {
  /** Name with tag. */
  readonly name: string;
  /**
   * Parameters that it comes with.
   * @default - a temperature
   */
  readonly parameters?: Parameters;
}

/** A file that a manifest refers to. */
export interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  /** Name of the model that it was taken from. */
  readonly from?: string;
}

/** What a model consists of. */
export interface Manifest {
  readonly config: Layer;
  readonly layers: readonly Layer[];
}

export const WEIGHTS = 'application/vnd.ollama.image.model';
export const PARAMETERS = 'application/vnd.ollama.image.params';
export const CONFIG = 'application/vnd.docker.container.image.v1+json';

/** Contents of the files of a model by what they are; of the weights, only what they say about it. */
export function filesOf(model: RegistryModel): Readonly<Record<string, string>> {
  const { parameters = { temperature: 0.6 }, ...weights } = model;
  return {
    [CONFIG]: JSON.stringify({ model_format: 'gguf', renderer: model.name }),
    [WEIGHTS]: JSON.stringify(weights),
    [PARAMETERS]: JSON.stringify(parameters),
  };
}

/** The manifest as the registry sends it; its SHA-256 is the model's digest. */
export function manifestOf(model: RegistryModel): string {
  const [config, weights, parameters] = Object.entries(filesOf(model)).map(([type, content]) => layerOf(type, content));
  if (config === undefined || weights === undefined || parameters === undefined)
    throw new Error('a model has three files');
  return writeManifest({ config, layers: [{ ...weights, size: model.bytes }, parameters] });
}

/** Digest of a model: 64 hexadecimal digits. */
export function digestOf(model: RegistryModel): string {
  return sha256(manifestOf(model));
}

/** Bytes of all files of a model. */
export function sizeOf(model: RegistryModel): number {
  const { config, layers } = JSON.parse(manifestOf(model)) as Manifest;
  return [config, ...layers].reduce((sum, { size }) => sum + size, 0);
}

export function layerOf(mediaType: string, content: string): Layer {
  return { mediaType, digest: `sha256:${sha256(content)}`, size: content.length };
}

export function writeManifest({ config, layers }: Manifest): string {
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  return JSON.stringify({ schemaVersion: 2, mediaType, config, layers });
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
