import type { Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import { fail, ok, type Check, type Outcome } from './findings';

/** What to do about a model that does not fit in GPU memory. */
export const TOO_LARGE =
  'reduce contextLength or parallel, or choose an instance with more GPU memory: ollama-eks models inspect NAME';

/** A loaded model. @see https://github.com/ollama/ollama/blob/v0.32.15/api/types.go (ProcessModelResponse) */
export interface RunningModel {
  readonly name: string;
  readonly digest: string;
  /** Total bytes. */
  readonly size: number;
  /** Bytes in GPU memory. */
  readonly size_vram: number;
  readonly context_length?: number;
}

/** Returns checks that every model is entirely in GPU memory, with the context that was promised. */
export function gpuChecks(endpoint: Endpoint, models: readonly ServedModel[], where = ''): readonly Check[] {
  return models.map((model) => ({
    id: `gpu ${model.alias}${where}`,
    title: `${model.alias} is entirely in GPU memory${where}`,
    run: async () => {
      const running = await endpoint.models<RunningModel>('/api/ps');
      return running === undefined
        ? fail('/api/ps does not list the loaded models', 'ollama-eks diagnose')
        : judgeResidency(model, running);
    },
  }));
}

/** Judges where `/api/ps` reports a model, which it lists under the name that it was loaded by. */
export function judgeResidency({ alias, tag, contextLength }: ServedModel, running: readonly RunningModel[]): Outcome {
  const loaded = running.find(({ name }) => name === alias || name === tag);
  if (loaded === undefined) {
    return fail(
      `not loaded; loaded: ${running.map(({ name }) => name).join(', ') || 'nothing'}`,
      'the pod loads it on its own; if it does not: ollama-eks diagnose',
    );
  }
  const { size, size_vram: vram, context_length: context } = loaded;
  const share = size === 0 ? 0 : Math.min(99, Math.round((vram / size) * 100)); // a partly loaded model never shows 100 %
  const evidence = { sizeBytes: size, vramBytes: vram, contextLength: context };
  if (vram < size) {
    return fail(`${String(share)} % in GPU memory, the rest on the CPU`, TOO_LARGE, evidence);
  }
  if (context !== undefined && context !== contextLength) {
    return fail(
      `loaded with a context of ${String(context)} tokens instead of the promised ${String(contextLength)}`,
      'a request has set another context; the pod reloads the model on its own',
      evidence,
    );
  }
  return ok(`100 % in GPU memory, ${String(contextLength)} tokens of context`, evidence);
}
