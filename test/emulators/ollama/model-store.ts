import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { blobFile, digestOf, manifestFile, manifestOf, type RegistryModel } from './registry';

/** A model on the disk: pulled, or made from one that was. */
export interface StoredModel {
  readonly name: string;
  /** The model whose layer it has. */
  readonly base: RegistryModel;
  readonly digest: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** The directory `OLLAMA_MODELS`, as far as the emulator and the scripts look into it. */
export class ModelStore {
  private readonly models = new Map<string, StoredModel>();
  /** Bytes of each layer that are on the disk. */
  private readonly layers = new Map<string, number>();

  public constructor(private readonly directory?: string) {}

  public get all(): readonly StoredModel[] {
    return [...this.models.values()];
  }

  /** The model of that name, while its manifest is on the disk. */
  public find(name: string): StoredModel | undefined {
    const stored = this.models.get(name);
    const file = this.path(manifestFile(name));
    return file !== undefined && !existsSync(file) ? undefined : stored;
  }

  public bytesOf(model: RegistryModel): number {
    return this.layers.get(blobFile(model)) ?? 0;
  }

  public isWhole(model: RegistryModel): boolean {
    return this.bytesOf(model) === model.bytes;
  }

  public setBytes(model: RegistryModel, bytes: number): void {
    this.layers.set(blobFile(model), bytes);
    this.write(blobFile(model), `${String(bytes)} of ${String(model.bytes)} bytes`);
  }

  /** Writes the manifest of a model that was pulled. */
  public add(model: RegistryModel): void {
    this.models.set(model.name, { name: model.name, base: model, digest: digestOf(model), parameters: {} });
    this.write(manifestFile(model.name), manifestOf(model));
  }

  /** Makes a model with parameters of its own from another. */
  public derive(name: string, from: StoredModel, parameters: Readonly<Record<string, number>>): void {
    const revision = JSON.stringify(parameters);
    const model = { ...from.base, name, revision };
    this.models.set(name, { name, base: from.base, digest: digestOf(model), parameters });
    this.write(manifestFile(name), manifestOf(model));
  }

  public remove(name: string): boolean {
    const file = this.path(manifestFile(name));
    if (file !== undefined) rmSync(file, { force: true });
    return this.models.delete(name);
  }

  /** Loses the layer of a model whose manifest stays. */
  public loseLayer(model: RegistryModel): void {
    this.layers.delete(blobFile(model));
  }

  /** The manifest as it is on the disk. */
  public readManifest(name: string): string {
    return readFileSync(join(this.directory ?? '', manifestFile(name)), 'utf8');
  }

  private write(file: string, content: string): void {
    const path = this.path(file);
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  private path(file: string): string | undefined {
    return this.directory === undefined ? undefined : join(this.directory, file);
  }
}
