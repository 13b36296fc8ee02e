import { createHash } from 'node:crypto';

/** A model as the registry has it. */
export interface RegistryModel {
  /** Name with tag. */
  readonly name: string;
  /** Bytes of its only layer. */
  readonly bytes: number;
  /** Native context in tokens; a longer one that is asked for is cut to it. */
  readonly contextLength: number;
  /** Makes embeddings and no text. */
  readonly embedding?: boolean;
  /** Told apart from another model of the same name: a tag that has moved. */
  readonly revision?: string;
}

/** The manifest as the registry sends it; its SHA-256 is the model's digest. */
export function manifestOf(model: RegistryModel): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    layers: [
      {
        mediaType: 'application/vnd.ollama.image.model',
        digest: `sha256:${sha256(layerOf(model))}`,
        size: model.bytes,
      },
    ],
  });
}

/** Digest of a model: 64 hexadecimal digits. */
export function digestOf(model: RegistryModel): string {
  return sha256(manifestOf(model));
}

/** Where Ollama keeps the manifest of a model of the library, below its directory of models. */
export function manifestFile(name: string): string {
  const [model = '', tag = ''] = name.split(':');
  return `manifests/registry.ollama.ai/library/${model}/${tag}`;
}

/** Name of the file that holds a model's layer. */
export function blobFile(model: RegistryModel): string {
  return `blobs/sha256-${sha256(layerOf(model))}`;
}

function layerOf(model: RegistryModel): string {
  return `${model.name} ${model.revision ?? ''} ${String(model.bytes)}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
