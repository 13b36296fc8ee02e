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
