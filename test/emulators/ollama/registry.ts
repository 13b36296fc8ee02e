import { createHash } from 'node:crypto';

/** Parameters of a model, such as `num_ctx`. */
export type Parameters = Readonly<Record<string, number>>;

/** Metadata in the weights of a model. */
export interface Weights {
  /** Bytes of the file. */
  readonly bytes: number;
  /** Native context in tokens, which limits the requested one. */
  readonly contextLength: number;
  /** Whether it generates embeddings instead of text. */
  readonly embedding?: boolean;
  /** Distinguishes weights of the same name, for a tag that has moved. */
  readonly revision?: string;
}

/** A model of the registry. */
export interface RegistryModel extends Weights {
  /** Name with tag. */
  readonly name: string;
  /**
   * Parameters of the pulled model.
   * @default - a temperature only
   */
  readonly parameters?: Parameters;
}

/** A file that a manifest refers to. */
export interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  /** Name of the model that it was copied from. */
  readonly from?: string;
}

/** Files of a model. */
export interface Manifest {
  readonly config: Layer;
  readonly layers: readonly Layer[];
}

export const WEIGHTS = 'application/vnd.ollama.image.model';
export const PARAMETERS = 'application/vnd.ollama.image.params';
export const CONFIG = 'application/vnd.docker.container.image.v1+json';

/** Returns the contents of a model's files by kind; of the weights, only the metadata. */
export function filesOf(model: RegistryModel): Readonly<Record<string, string>> {
  const { parameters = { temperature: 0.6 }, ...weights } = model;
  return {
    [CONFIG]: JSON.stringify({ model_format: 'gguf', renderer: model.name }),
    [WEIGHTS]: JSON.stringify(weights),
    [PARAMETERS]: JSON.stringify(parameters),
  };
}

/** Returns the manifest as the registry sends it; its SHA-256 is the model's digest. */
export function manifestOf(model: RegistryModel): string {
  const [config, weights, parameters] = Object.entries(filesOf(model)).map(([type, content]) => layerOf(type, content));
  if (config === undefined || weights === undefined || parameters === undefined)
    throw new Error('a model must have three files');
  return writeManifest({ config, layers: [{ ...weights, size: model.bytes }, parameters] });
}

/** Returns the digest of a model: 64 hexadecimal digits. */
export function digestOf(model: RegistryModel): string {
  return sha256(manifestOf(model));
}

/** Returns the bytes of all files of a model. */
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
