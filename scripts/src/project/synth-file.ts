import { UsageError } from '../program/errors';
import { readJsonFile } from '../program/text-file';

/** Reads a file that synth wrote next to `cdk.tf.json`. Throws UsageError if it has another format. */
export function readSynthFile<File extends { readonly formatVersion: 1 }>(path: string): File {
  const file = readJsonFile<File | { readonly formatVersion: number }>(path, 'synthesize again: npm run synth');
  if (file.formatVersion === 1) return file as File;
  throw new UsageError(`${path} has the unsupported format ${String(file.formatVersion)}`, {
    remedy: 'install the @org/ollama-eks-scripts of the same version',
  });
}
