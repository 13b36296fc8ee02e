import type { Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import { fail, ok, type Check, type Outcome } from './findings';

/** A loaded model. @see https://github.com/ollama/ollama/blob/v0.32.15/api/types.go (ProcessModelResponse) */
export interface RunningModel {
  readonly name: string;
  readonly digest: string;
  /** Bytes in all. */
  readonly size: number;
  /** Bytes in GPU memory. */
  readonly size_vram: number;
  readonly context_length?: number;
}

/** Each model must lie in GPU memory to its last byte, with the context that was promised. */
export function gpuChecks(endpoint: Endpoint, models: readonly ServedModel[], where = ''): readonly Check[] {
  return models.map((model) => ({
    id: `gpu ${model.alias}${where}`,
    title: `${model.alias} is wholly in GPU memory${where}`,
    run: async () => {
      const running = await endpoint.json<{ models?: readonly RunningModel[] }>('/api/ps');
      return running === undefined
        ? fail('/api/ps does not tell what is loaded', 'ollama-eks diagnose')
        : judgeResidency(model, running.models ?? []);
    },
  }));
}

/** Whether a model is where it should be, as `/api/ps` reports it: under the name by which it was loaded. */
export function judgeResidency({ alias, tag, contextLength }: ServedModel, running: readonly RunningModel[]): Outcome {
  const loaded = running.find(({ name }) => name === alias || name === tag);
  if (loaded === undefined) {
    return fail(
      `not loaded; loaded is ${running.map(({ name }) => name).join(', ') || 'nothing'}`,
      'the pod loads it by itself; if it does not: ollama-eks diagnose',
    );
  }
  const { size, size_vram: vram, context_length: context } = loaded;
  const share = size === 0 ? 0 : Math.min(99, Math.round((vram / size) * 100)); // less than all is never 100 %
  const evidence = { sizeBytes: size, vramBytes: vram, contextLength: context };
  if (vram < size) {
    return fail(
      `${String(share)} % in GPU memory, the rest on the CPU`,
      'less context or parallel, or an instance with more GPU memory: ollama-eks models inspect',
      evidence,
    );
  }
  if (context !== undefined && context !== contextLength) {
    return fail(
      `loaded with a context of ${String(context)} tokens, promised are ${String(contextLength)}`,
      'a request has set another context; the pod loads the model again by itself',
      evidence,
    );
  }
  return ok(`100 % in GPU memory, ${String(contextLength)} tokens of context`, evidence);
}
