import { LocalBackend, type TerraformBackend, type TerraformStack } from '../framework';

/** Makes the backend of a stack: `(stack) => new S3Backend(stack, { bucket, key, region })`. */
export type BackendFactory = (stack: TerraformStack) => TerraformBackend;

/**
 * Gives a stack its backend. The default is the file `terraform.<stack>.tfstate` in the directory that holds
 * `cdktf.out`, by a path relative to the stack's own directory: CDKTF's default has the path of the machine in it.
 */
export function addBackend(stack: TerraformStack, backend: BackendFactory = localBackend): TerraformBackend {
  return backend(stack);
}

function localBackend(stack: TerraformStack): TerraformBackend {
  return new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
}
