import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CONFIG,
  filesOf,
  type Layer,
  layerOf,
  type Manifest,
  manifestOf,
  PARAMETERS,
  type Parameters,
  type RegistryModel,
  sha256,
  type Weights,
  WEIGHTS,
  writeManifest,
} from './registry';

/** Age in milliseconds up to which unused files are kept when a server starts. */
const PRUNE_GRACE = 3_600_000;

/** Default registry and namespace of a name, and the depth of manifests. */
const ORIGIN = ['registry.ollama.ai', 'library'];
const DEPTH = ORIGIN.length + 2;
/** Upper limit of the size of a model's metadata. */
const START_BYTES = 4096;

/** A model on disk: pulled, or created from a pulled one. */
export interface StoredModel {
  readonly name: string;
  readonly digest: string;
  readonly manifest: Manifest;
}

/** A model whose files exist. */
export interface OpenModel extends StoredModel {
  /** Digest of the weights: they are loaded once for all names of a model. */
  readonly key: string;
  readonly weights: Weights;
  readonly parameters: Parameters;
  /** Other metadata, which may be missing. */
  readonly config: object;
}

/**
 * The folder `OLLAMA_MODELS`, which is the only state of the server: everything with a manifest is a model.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/manifest/manifest.go
 */
export class ModelStore {
  public constructor(
    private readonly directory: string,
    private readonly noPrune = false,
  ) {}

  /** Returns every model that has a manifest. */
  public get all(): readonly StoredModel[] {
    const manifests = join(this.directory, 'manifests');
    if (!existsSync(manifests)) return [];
    return readdirSync(manifests, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
      const parts = path.split('/');
      const model = parts.length === DEPTH ? this.find(nameOf(parts)) : undefined;
      return model ?? [];
    });
  }

  public find(name: string): StoredModel | undefined {
    const path = this.manifestPath(name);
    if (!existsSync(path)) return undefined;
    const text = readFileSync(path, 'utf8');
    return { name, digest: sha256(text), manifest: JSON.parse(text) as Manifest };
  }

  /** Returns the model of a name if its files exist. */
  public open(name: string): OpenModel | undefined {
    const model = this.find(name);
    const layer = model?.manifest.layers.find(({ mediaType }) => mediaType === WEIGHTS);
    const weights = this.contentOf(layer);
    if (model === undefined || layer === undefined || weights === undefined) return undefined;
    return {
      ...model,
      key: layer.digest,
      weights: weights as Weights,
      parameters: this.parametersOf(model),
      config: this.contentOf(model.manifest.config) ?? {},
    };
  }

  /** Returns the bytes of a model's weights that are on disk. */
  public bytesOf(model: RegistryModel): number {
    const blob = this.blobPath(weightsOf(model));
    if (existsSync(blob)) return model.bytes;
    return existsSync(`${blob}-partial`) ? Number(readFileSync(`${blob}-partial`, 'utf8')) : 0;
  }

  /** Downloads weights up to a number of bytes. */
  public download(model: RegistryModel, bytes: number): void {
    const blob = this.blobPath(weightsOf(model));
    if (bytes < model.bytes) {
      write(`${blob}-partial`, String(bytes));
    } else {
      rmSync(`${blob}-partial`, { force: true });
      write(blob, filesOf(model)[WEIGHTS] ?? '');
      truncateSync(blob, model.bytes); // sparse: takes no space on disk
    }
  }

  /** Completes a pull: writes the small files and the manifest, and deletes files that only the previous manifest needed. */
  public add(model: RegistryModel): void {
    const before = this.find(model.name);
    for (const [mediaType, content] of Object.entries(filesOf(model))) {
      if (mediaType !== WEIGHTS) write(this.blobPath(layerOf(mediaType, content)), content);
    }
    write(this.manifestPath(model.name), manifestOf(model));
    if (before !== undefined) this.removeUnused(before.manifest);
  }

  /**
   * Writes a model with the given parameters, replacing one of that name. Other parameters and the config are copied from the
   * base model, if they exist.
   * @throws for a missing layer
   * @see https://github.com/ollama/ollama/blob/v0.32.15/server/create.go
   */
  public create(name: string, from: StoredModel, parameters: Parameters): void {
    const missing = from.manifest.layers.find((layer) => !existsSync(this.blobPath(layer)));
    if (missing !== undefined) throw new Error(`stat ${this.blobPath(missing)}: no such file or directory`);
    const before = this.find(name);
    const config = JSON.stringify({ ...this.contentOf(from.manifest.config), created: true });
    const merged = JSON.stringify(sorted({ ...this.parametersOf(from), ...parameters }));
    const layers = from.manifest.layers
      .filter(({ mediaType }) => mediaType !== PARAMETERS)
      .map((layer) => ({ ...layer, from: from.name }));
    const manifest = { config: layerOf(CONFIG, config), layers: [...layers, layerOf(PARAMETERS, merged)] };
    write(this.blobPath(manifest.config), config);
    write(this.blobPath(layerOf(PARAMETERS, merged)), merged);
    write(this.manifestPath(name), `${writeManifest(manifest)}\n`);
    if (before !== undefined) this.removeUnused(before.manifest);
  }

  public remove(name: string): boolean {
    const model = this.find(name);
    if (model === undefined) return false;
    rmSync(this.manifestPath(name));
    this.removeUnused(model.manifest);
    return true;
  }

  /** Deletes files that no manifest refers to, unless they are new, as a server does when it starts. */
  public prune(): void {
    const blobs = join(this.directory, 'blobs');
    if (this.noPrune || !existsSync(blobs)) return;
    const used = this.usedBlobs();
    for (const file of readdirSync(blobs)) {
      const path = join(blobs, file);
      if (!used.has(path) && Date.now() - statSync(path).mtimeMs >= PRUNE_GRACE) rmSync(path);
    }
  }

  private parametersOf({ manifest }: StoredModel): Parameters {
    return (this.contentOf(manifest.layers.find(({ mediaType }) => mediaType === PARAMETERS)) ?? {}) as Parameters;
  }

  private removeUnused({ config, layers }: Manifest): void {
    if (this.noPrune) return;
    const used = this.usedBlobs();
    for (const path of [config, ...layers].map((layer) => this.blobPath(layer))) {
      if (!used.has(path)) rmSync(path, { force: true });
    }
  }

  private usedBlobs(): ReadonlySet<string> {
    return new Set(
      this.all.flatMap(({ manifest: { config, layers } }) => [config, ...layers].map((layer) => this.blobPath(layer))),
    );
  }

  private contentOf(layer: Layer | undefined): object | undefined {
    return layer === undefined || !existsSync(this.blobPath(layer))
      ? undefined
      : (JSON.parse(readStart(this.blobPath(layer))) as object);
  }

  private blobPath({ digest }: Layer): string {
    return join(this.directory, 'blobs', digest.replace(':', '-'));
  }

  private manifestPath(name: string): string {
    const parts = name.replace(/:([^:]*)$/, '/$1').split('/');
    return join(this.directory, 'manifests', ...ORIGIN.slice(0, DEPTH - parts.length), ...parts);
  }
}

function nameOf(parts: readonly string[]): string {
  const [model = '', tag = ''] = parts.slice(ORIGIN.length);
  const origin = parts.slice(0, ORIGIN.length).filter((part, index) => part !== ORIGIN[index]);
  return [...origin, `${model}:${tag}`].join('/');
}

function weightsOf(model: RegistryModel): Layer {
  return layerOf(WEIGHTS, filesOf(model)[WEIGHTS] ?? '');
}

function sorted(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Returns the text at the start of a file; in weights it is followed by zeros. */
function readStart(path: string): string {
  const start = Buffer.alloc(START_BYTES);
  const file = openSync(path, 'r');
  readSync(file, start);
  closeSync(file);
  return start.toString('utf8').split('\0')[0] ?? '';
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
