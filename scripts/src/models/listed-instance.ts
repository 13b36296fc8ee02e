import { gpuInstanceType } from '@org/ollama-eks/pure';
import { wrongValue } from '../program/errors';
import { isStructuredFailure } from '../program/exit-codes';

/**
 * Returns the name of a listed instance type. The library's own error asks for figures, which a command cannot get.
 * @param model model whose sizes list the types that hold it
 * @throws UsageError if the type is not listed
 */
export function listedInstance(instance: string, model = 'NAME'): string {
  try {
    return gpuInstanceType(instance, '--instance').name;
  } catch (cause) {
    if (!isStructuredFailure(cause)) throw cause;
    throw wrongValue('--instance', instance, 'is not in the catalogue of GPU instance types', {
      allowed: cause.allowed,
      remedy: `choose one that ollama-eks models size ${model} prints`,
      cause,
    });
  }
}
