import { developers, gpuInstanceType, modelFigures, type PoolSummary } from '@org/ollama-eks/pure';
import { listedName } from './cold-start-table';
import type { Synthesis } from './examples';
import { withSection } from './section';
import { clustersBySize, type Row } from './synth-report';

/**
 * Bytes that a GPU can read from its memory in a second.
 * @see https://d1.awsstatic.com/product-marketing/ec2/NVIDIA_AWS_A10G_DataSheet_FINAL_02_17_2022.pdf
 * @see https://www.nvidia.com/en-us/data-center/l40s/
 * @see https://www.nvidia.com/content/dam/en-zz/Solutions/Data-Center/a100/pdf/nvidia-a100-datasheet-us-nvidia-1758950-r4-web.pdf (40 GB)
 */
const BANDWIDTH: Readonly<Record<string, number>> = { A10G: 600e9, L40S: 864e9, A100: 1555e9 };

/**
 * Share of its parameters that a model reads for a token: less than 1 with experts.
 * @see https://huggingface.co/Qwen/Qwen3-Coder-30B-A3B-Instruct (3.3 of 30.5 billion)
 * @see https://huggingface.co/openai/gpt-oss-20b (3.6 of 21 billion)
 * @see https://huggingface.co/zai-org/GLM-4.7-Flash (30B-A3B)
 */
const ACTIVE: Readonly<Record<string, number>> = {
  'llama3.1:8b': 1,
  'llama3.1:405b': 1,
  'qwen3-coder:30b': 3.3 / 30.5,
  'gpt-oss:20b': 3.6 / 21,
  'glm-4.7-flash:q4_K_M': 3 / 30,
};

/**
 * Share of the bandwidth that llama.cpp reached on an A100 with 40 GB: 0.41 to 0.44 with models of 9 to 31 billion parameters, and 0.15
 * with 3 of 35 billion active ones.
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
