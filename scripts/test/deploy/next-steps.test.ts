import type { ClusterSummary } from '@org/ollama-eks/pure';
import { nextSteps } from '../../src/deploy/next-steps';

const pool = (name: string, replicas: number) => ({
  replicas,
  models: [{ name, contextLength: 32_768, parallel: 2, largestContextLength: 1 }],
});
const SUMMARY = { hourly: 1.414, pools: [pool('standby:1b', 0), pool('llama3.1:8b', 1)] } as unknown as ClusterSummary;

test('after a deployment with Kong, the request has its address and the variable of the key, but no key', () => {
  const lines = nextSteps({ summary: SUMMARY, url: 'https://llm.example.com', seconds: 2965 }).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'took      49:25 min',
    'costs     about $1.41 per hour at list prices, until it is destroyed',
    `ask       curl https://llm.example.com/v1/chat/completions -H "Authorization: Bearer $OLLAMA_EKS_API_KEY" -H 'content-type: application/json' -d '{"model":"llama3.1:8b-ctx32k","messages":[{"role":"user","content":"Say hello"}]}'`,
    'configure ollama-eks client claude   # or another tool',
  ]);
  expect(lines.at(-1)).toBe('remove    ollama-eks destroy');
});

test('without Kong, a port is forwarded first', () => {
  const text = nextSteps({ summary: SUMMARY, url: undefined, seconds: 60 });
  expect(text).toContain('connect   ollama-eks client local');
  expect(text).toContain('curl http://127.0.0.1:11434/v1/chat/completions -H');
  expect(text).not.toContain('API_KEY');
});

test('what is not known is left out', () => {
  expect(nextSteps({ summary: undefined, url: 'https://llm.example.com', seconds: 0 })).not.toMatch(/costs|ask /);
});
