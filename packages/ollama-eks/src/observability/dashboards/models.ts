import type { Dashboard } from './dashboard';

/** The models, and how they are loaded. */
export const MODELS: Dashboard = {
  uid: 'ollama-models',
  title: 'Ollama: models',
  panels: [
    {
      title: 'Servers with the model loaded',
      description: 'Number of servers that hold the model in memory.',
      unit: 'short',
      queries: [{ expr: 'sum by (alias, pool) (ollama_model_loaded)', legend: '{{alias}} in {{pool}}' }],
    },
    {
      title: 'Ready servers',
      description: 'Servers whose models were all loaded correctly at the last check.',
      unit: 'short',
      queries: [{ expr: 'sum by (pool) (ollama_server_ready)', legend: '{{pool}}' }],
    },
    {
      title: 'Context',
      description: 'Context of one request.',
      unit: 'short',
      queries: [{ expr: 'min by (alias, pool) (ollama_model_context_tokens)', legend: '{{alias}} in {{pool}}' }],
    },
    {
      title: 'Prompt tokens from the cache',
      description: 'Share of the prompt tokens that did not have to be processed again.',
      unit: 'percentunit',
      queries: [
        {
          expr:
            'sum by (alias) (rate(llamacpp_prompt_tokens_cached_total[5m])) / (sum by (alias) ' +
            '(rate(llamacpp_prompt_tokens_cached_total[5m]) + rate(llamacpp_prompt_tokens_total[5m])) > 0)',
          legend: '{{alias}}',
        },
      ],
    },
    {
      title: 'Memory',
      description: 'Memory of the model in GPUs, and in main memory, where it is many times slower.',
      unit: 'decbytes',
      queries: [
        { expr: 'sum by (alias) (ollama_model_vram_bytes)', legend: '{{alias}} in GPUs' },
        {
          expr: 'sum by (alias) (ollama_model_size_bytes - ollama_model_vram_bytes)',
          legend: '{{alias}} in main memory',
        },
      ],
    },
    {
      title: 'Time without the model',
      description:
        'Seconds of the last hour in which a running server did not have the model loaded: loads and reloads.',
      unit: 's',
      queries: [
        {
          expr: 'max by (alias, pool) ((1 - avg_over_time(ollama_model_loaded[1h])) * 3600)',
          legend: '{{alias}} in {{pool}}',
        },
      ],
    },
  ],
};
