import type { Source } from './source';

/** All were read on this day. */
const READ = '2026-11-23';

export const OLLAMA_BASH_LIB: Source = {
  title: 'ollama-bash-lib, demos/list.md and its history (answers of /api/tags)',
  url: 'https://github.com/attogram/ollama-bash-lib/commits/main/demos/list.md',
  date: READ,
};
export const LHEP_SOCHI: Source = {
  title: 'lhep_sochi_x86, imx296_showpic_savepic/aaa.js (answers of /api/tags)',
  url: 'https://github.com/serge-semashko/lhep_sochi_x86',
  date: READ,
};
/** Where more than one copy was found they agree; the repositories that hold them aren't known by name, so there is no address. */
export const SAVED_TAGS: Source = {
  title: 'answers of /api/tags saved in public repositories',
  date: READ,
};
export const ALPACA: Source = {
  title: 'Alpaca, src/ollama_models.py (sizes as shown on ollama.com)',
  url: 'https://github.com/Jeffser/Alpaca/blob/main/src/ollama_models.py',
  date: READ,
};
export const LITGPT: Source = {
  title: 'LitGPT, litgpt/config.py (each entry names its Hugging Face configuration)',
  url: 'https://github.com/Lightning-AI/litgpt/blob/main/litgpt/config.py',
  date: READ,
};
export const QWEN3_CODER_30B: Source = {
  title: 'Qwen3-Coder-30B-A3B-Instruct, model card',
  url: 'https://huggingface.co/unsloth/Qwen3-Coder-30B-A3B-Instruct-1M-GGUF',
  date: READ,
};
/** Layers, heads, hidden size. */
export const QWEN3_CODER_480B: Source = {
  title: 'Qwen3-Coder-480B-A35B, page of its figures',
  url: 'https://apxml.com/models/qwen3-coder-480b-a35b',
  date: READ,
};
/** Native context. */
export const QWEN3_CODER_480B_NIM: Source = {
  title: 'Qwen3-Coder-480B-A35B-Instruct, NVIDIA NIM reference',
  url: 'https://docs.api.nvidia.com/nim/reference/qwen-qwen3-coder-480b-a35b-instruct',
  date: READ,
};
export const DEEPSEEK_QWEN3_8B: Source = {
  title: 'config.json of a model made from DeepSeek-R1-0528-Qwen3-8B',
  url: 'https://huggingface.co/zypchn/BehChat-v0.3/blob/main/config.json',
  date: READ,
};
export const DEEPSEEK_QWEN_32B: Source = {
  title: 'config.json of a model made from DeepSeek-R1-Distill-Qwen-32B',
  url: 'https://huggingface.co/tttx/model_3k_forcing_3ep_step1/blob/main/config.json',
  date: READ,
};
export const GPT_OSS_20B: Source = {
  title: 'config.json of a model of the shape of gpt-oss-20b',
  url: 'https://huggingface.co/cryptonaut/AltiMind-sft/blob/main/config.json',
  date: READ,
};
export const GPT_OSS_120B: Source = {
  title: 'config.json of a model of the shape of gpt-oss-120b',
  url: 'https://huggingface.co/GohaDAYN/Affine-A10/blob/main/config.json',
  date: READ,
};
/** Tokens of the window. */
export const GPT_OSS_WINDOW: Source = {
  title: 'gpt_oss_20b_en, task.json',
  url: 'https://huggingface.co/keras/gpt_oss_20b_en/blob/main/task.json',
  date: READ,
};
/** Keys of the GGUF header, as Ollama writes them. */
export const GPT_OSS_KEYS: Source = {
  title: 'Ollama, convert/convert_gptoss.go',
  url: 'https://github.com/ollama/ollama/blob/main/convert/convert_gptoss.go',
  date: READ,
};
export const GPT_OSS_LOG: Source = {
  title: 'loader print of gpt-oss-20b',
  url: 'https://github.com/ikawrakow/ik_llama.cpp/issues/822',
  date: READ,
};
export const MISTRAL_SMALL: Source = {
  title: 'config.json of Mistral-Small-24B-Instruct-2501',
  url: 'https://huggingface.co/unsloth/Mistral-Small-24B-Instruct-2501-GGUF/blob/main/config.json',
  date: READ,
};
export const NOMIC_EMBED: Source = {
  title: 'config.json of nomic-embed-text-v1.5',
  url: 'https://huggingface.co/nomic-ai/nomic-embed-text-v1.5/blob/main/config.json',
  date: READ,
};
/** Context of the GGUF, which is less than that of config.json. */
export const NOMIC_EMBED_GGUF: Source = {
  title: 'nomic-embed-text, header of the GGUF',
  url: 'https://ollama.com/0ssamaak0/nomic-embed-text/blobs/8d88b9d579f2',
  date: READ,
};
export const QWEN3_32B_LOG: Source = {
  title: 'loader print of qwen3:32b',
  url: 'https://github.com/ollama/ollama/issues/14774',
  date: READ,
};
export const QWEN3_32B_HEADS: Source = {
  title: 'head size of qwen3:32b',
  url: 'https://github.com/ollama/ollama/issues/10968',
  date: READ,
};
export const QWEN3_235B_LOG: Source = {
  title: 'loader print of qwen3:235b',
  url: 'https://github.com/ollama/ollama/issues/10810',
  date: READ,
};
export const PHI4_SIZE: Source = {
  title: 'loader print of phi4',
  url: 'https://github.com/ollama/ollama/issues/13552',
  date: READ,
};
export const PHI4_LOG: Source = {
  title: 'figures of phi4',
  url: 'https://github.com/ollama/ollama/issues/9782',
  date: READ,
};
