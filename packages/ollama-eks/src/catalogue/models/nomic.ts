import type { Source } from '../source';
import type { ListedModels } from './listed-model';
import { ALPACA, SAVED_TAGS } from './sources';

const NOMIC_EMBED: Source = {
  title: 'config.json of nomic-embed-text-v1.5',
  url: 'https://huggingface.co/nomic-ai/nomic-embed-text-v1.5/blob/main/config.json',
  date: '2026-11-23',
};
/** Context of the GGUF, which is smaller than in config.json. */
const NOMIC_EMBED_GGUF: Source = {
  title: 'nomic-embed-text, header of the GGUF',
  url: 'https://ollama.com/0ssamaak0/nomic-embed-text/blobs/8d88b9d579f2',
  date: '2026-11-23',
};

/** Embedding models of Nomic AI. */
export const NOMIC_MODELS: ListedModels = {
  'nomic-embed-text': {
    bytes: 274_302_450,
    architecture: 'nomic-bert',
    blockCount: 12,
    contextLength: 2048,
    embeddingLength: 768,
    headCount: 12,
    headCountKv: 12,
    keyLength: 64,
    valueLength: 64,
    embedding: true,
    quantization: 'F16',
    verification: 'copied',
    sources: [SAVED_TAGS, ALPACA, NOMIC_EMBED, NOMIC_EMBED_GGUF],
  },
};
