import { developers, gpuInstanceType, modelFigures, type PoolSummary } from '@org/ollama-eks/pure';
import { listedName } from './cold-start-table';
import type { Synthesis } from './examples';
import { withSection } from './section';
import { clustersBySize, type Row } from './synth-report';

/**
 * Bytes that a GPU can read from its memory in a second.
 * @see https://www.baseten.co/blog/nvidia-a10-vs-a10g-for-ml-model-inference/ (A10G)
 * @see https://www.itcreations.com/nvidia-gpu/nvidia-l40s-gpu-accelerator (L40S)
 * @see https://www.techpowerup.com/gpu-specs/a100-sxm4-40-gb.c3506 (A100 with 40 GB)
 */
const BANDWIDTH: Readonly<Record<string, number>> = { A10G: 600e9, L40S: 864e9, A100: 1555e9 };

/**
 * Share of its parameters that a model reads for a token: less than 1 with experts.
 * @see https://apxml.com/models/qwen3-30b-a3b (3.3 of 30.5 billion; qwen3-coder has the same layers and experts)
 * @see https://docs.nvidia.com/nemo/automodel/model-coverage/large-language-models/openai/gpt-oss-20b (3.6 of 21 billion)
 * @see https://docs.nvidia.com/nemo/megatron-bridge/nightly/models/glm/glm47.html (GLM-4.7-Flash: about 3 of about 30 billion)
 */
const ACTIVE: Readonly<Record<string, number>> = {
  'llama3.1:8b': 1,
  'llama3.1:405b': 1,
  'qwen3-coder:30b': 3.3 / 30.5,
  'gpt-oss:20b': 3.6 / 21,
  'glm-4.7-flash:q4_K_M': 3 / 30,
};

/**
 * Share of the bandwidth that llama.cpp reached on an A100 with 40 GB: 0.41 to 0.44 with dense models of 9 to 31 billion parameters, and
 * 0.15 to 0.23 with three models with experts, of which the least is planned with.
 * @see https://pavlokhmel.com/llm_throughput_benchmark_on_13_gpus_and_10_models.html
 */
const REACHED = { dense: 0.4, experts: 0.15 };

const HEAD = [
  'example',
  'model',
  'GPUs',
  'tokens/s of one answer',
  'of all servers',
  'developers at work',
  'for each GPU',
];

/** Returns docs/performance.md with the current table of developers, of the first pool of each example. */
export function withDevelopers(page: string, syntheses: readonly Synthesis[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...clustersBySize(syntheses).flatMap(cells)];
  return withSection(page, 'developers', rows.map((row) => `| ${row.join(' | ')} |`).join('\n'));
}

function cells({ synthesis: { example }, cluster: { pools } }: Row): readonly string[][] {
  return pools.slice(0, 1).map((pool) => {
    const model = textModel(pool);
    const one = tokensPerSecond(model, pool.instanceType);
    const all = one * pool.replicas;
    const gpus = pool.replicas * pool.gpusPerReplica;
    const people = developers(all);
    const figures = [one.toFixed(0), all.toFixed(0), String(people), (people / gpus).toFixed(1)];
    return [example, model, String(gpus), ...figures];
  });
}

/** The first model that writes. */
function textModel({ name, models }: PoolSummary): string {
  const found = models.map((served) => listedName(served.name)).find((model) => modelFigures(model).embedding !== true);
  if (found === undefined) throw new Error(`pool ${name} has no model that writes`);
  return found;
}

/**
 * Tokens that a server writes in a second, for one answer: llama.cpp reads the weights of a token once, on one GPU after the other.
 * @throws Error if a figure of the model or the GPU is missing above
 */
export function tokensPerSecond(model: string, instanceType: string): number {
  const gpu = gpuInstanceType(instanceType).gpu.name;
  const [active, bandwidth] = [ACTIVE[model], BANDWIDTH[gpu]];
  if (active === undefined || bandwidth === undefined)
    throw new Error(`tools/src/developer-table.ts must have the figures of ${model} and ${gpu}`);
  const reached = active === 1 ? REACHED.dense : REACHED.experts;
  return (bandwidth * reached) / (modelFigures(model).bytes * active);
}
