/** Sources that several models share. */
import type { Source } from '../source';

export const OLLAMA_BASH_LIB: Source = {
  title: 'ollama-bash-lib, demos/list.md and its history (responses of /api/tags)',
  url: 'https://github.com/attogram/ollama-bash-lib/commits/main/demos/list.md',
  date: '2026-11-23',
};
/** All copies that were found agree. The names of the repositories are not known, so there is no URL. */
export const SAVED_TAGS: Source = {
  title: 'responses of /api/tags saved in public repositories',
  date: '2026-11-23',
};
export const ALPACA: Source = {
  title: 'Alpaca, src/ollama_models.py (sizes as shown on ollama.com)',
  url: 'https://github.com/Jeffser/Alpaca/blob/main/src/ollama_models.py',
  date: '2026-11-23',
};
export const LITGPT: Source = {
  title: 'LitGPT, litgpt/config.py (each entry names its Hugging Face configuration)',
  url: 'https://github.com/Lightning-AI/litgpt/blob/main/litgpt/config.py',
  date: '2026-11-23',
};
/** Sizes and kinds of this year's models, as ollama.com shows them. */
export const ALPACA_2026: Source = {
  title: 'Alpaca, src/ollama_models.py of 2026-06-09 (sizes, categories and descriptions as shown on ollama.com)',
  url: 'https://github.com/Jeffser/Alpaca/blob/d1577de0d9bd5ac07af432e5b6f69fc689e40db8/src/ollama_models.py',
  date: '2026-11-28',
};
/** Several copies agree on the exact size. */
export const SAVED_TAGS_2026: Source = {
  title: 'responses of /api/tags from 2026, saved in public repositories',
  date: '2026-11-28',
};
/** Keys of the header that copies of `/api/show` or tests of programs that read GGUF files have. */
export const SAVED_HEADERS: Source = {
  title: 'headers and responses of /api/show in tests of public repositories',
  date: '2026-11-28',
};
/** `config.json` of the publisher. */
export const SAVED_CONFIGS: Source = {
  title: 'config.json of the model in tests of public repositories',
  date: '2026-11-28',
};
