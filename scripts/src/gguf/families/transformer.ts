// https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-model.cpp (create_memory, default case)
import { CACHED, eachLayer, EMPTY, type Family } from './family';

/** Every layer attends to the whole context: Llama, Qwen 2 and 3, Mistral, Phi. */
export const TRANSFORMER: Family = {
  architectures: [
    ...['apertus', 'arcee', 'arctic', 'baichuan', 'bailingmoe', 'bailingmoe2', 'bitnet', 'bloom', 'chameleon'],
    ...['chatglm', 'codeshell', 'cogvlm', 'command-r', 'dbrx', 'deci', 'deepseek', 'deepseek2', 'deepseek2-ocr'],
    ...['dots1', 'ernie4_5', 'ernie4_5-moe', 'exaone', 'falcon', 'gemma', 'glm4', 'glm4moe', 'gpt2', 'gptj', 'gptneox'],
    ...['granite', 'granitemoe', 'grok', 'grovemoe', 'hunyuan-dense', 'hunyuan-moe', 'hunyuan_vl', 'internlm2', 'jais'],
    ...['jais2', 'llama', 'llama-embed', 'maincoder', 'minicpm', 'minicpm3', 'minimax-m2', 'mistral3', 'mistral4'],
    ...['mpt', 'nanbeige', 'nemotron', 'olmo', 'olmoe', 'openelm', 'orion', 'paddleocr', 'pangu-embedded', 'phi2'],
    ...['phi3', 'phimoe', 'plamo', 'plm', 'qwen', 'qwen2', 'qwen2moe', 'qwen2vl', 'qwen3', 'qwen3moe', 'qwen3vl'],
    ...['qwen3vlmoe', 'refact', 'seed_oss', 'smollm3', 'stablelm', 'starcoder', 'starcoder2', 'xverse'],
  ],
  layers: (header) => eachLayer(header, () => CACHED),
};

/** As a transformer, without a cache for the layers that only predict further tokens. */
export const DRAFTING_TRANSFORMER: Family = {
  architectures: ['hy_v3'],
  layers: (header) => eachLayer(header, (index) => (index < header.blockCount - header.draftLayers ? CACHED : EMPTY)),
};
