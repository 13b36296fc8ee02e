import { LocalBackend, type TerraformBackend, type TerraformStack } from '../framework';

/** Creates the backend of a stack: `(stack) => new S3Backend(stack, { bucket, key, region })`. */
export type BackendFactory = (stack: TerraformStack) => TerraformBackend;

/**
 * Adds the backend of a stack. The default is the file `terraform.<stack>.tfstate` in the directory that contains
 * `cdktf.out`, with a path relative to the stack's own directory: CDKTF's default contains a path of the machine.
 */
export function addBackend(stack: TerraformStack, backend: BackendFactory = localBackend): TerraformBackend {
  return backend(stack);
}

function localBackend(stack: TerraformStack): TerraformBackend {
  return new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
}
