import { coldStart, modelAlias } from '@org/ollama-eks/pure';
import type { SynthesizedStack } from '../examples';
import type { Site } from './site';

/** Returns the path of a request through Kong as a sequence diagram in Mermaid. */
export function requestSequence({ cluster, callerCidrs }: Site): string {
  const [pool] = cluster.pools;
  const [model] = pool?.models ?? [];
  if (pool === undefined || model === undefined) throw new Error('a cluster must serve a model');
  const alias = modelAlias(model.name, model.contextLength);
  return mermaid([
    'sequenceDiagram',
    'participant C as Coding tool',
    "participant K as Kong gateway<br/>Kong's AWS account",
    'participant L as Internal load balancer<br/>your VPC',
    'participant G as Istio gateway<br/>system node',
    `participant O as Ollama<br/>${pool.instanceType}, ${pool.gpu}`,
    `C->>K: POST /v1/chat/completions<br/>model ${alias},<br/>Authorization: Bearer key`,
    "Note over K: key, team's limits,<br/>fields allowed",
    `K->>L: TLS through the transit gateway,<br/>from ${callerCidrs.join(', ')}`,
    'L->>G: the same TLS connection',
    'Note over G: terminates TLS,<br/>allowed routes only',
    'G->>O: HBONE, mTLS between pods',
    `Note over O: ${String(model.parallel)} requests at a time,<br/>then a short queue, then 429`,
    'O-->>C: tokens as they are generated, along the same path',
    `Note over C,O: one budget for every hop: ${String(cluster.requestTimeoutSeconds)} s`,
  ]);
}

/** Waves of Argo CD that are drawn side by side. */
const WAVES_IN_ROW = 4;

/** Returns what a deployment creates, in order, as a flowchart in Mermaid. */
export function deploymentOrder({ cluster, delivered }: Site, stacks: readonly SynthesizedStack[]): string {
  const [pool] = cluster.pools;
  if (pool === undefined) throw new Error('a cluster must have a pool');
  const start = coldStart(pool);
  const waves = [...new Set(delivered.map(({ wave }) => wave))];
  const namesOf = (wave: number) => delivered.filter((it) => it.wave === wave).map(({ name }) => name);
  const waveWords = waves.map((wave) => `<b>wave ${String(wave)}</b><br/>${namesOf(wave).join('<br/>')}`);
  const rows = [
    {
      title: 'Terraform',
      words: stacks.map(({ name, resources }) => `<b>${name}</b><br/>${String(resources)} resources`),
    },
    ...chunks(waveWords, WAVES_IN_ROW).map((words) => ({ title: 'Argo CD', words })),
    {
      title: 'A new server, in minutes, meanwhile',
      words: [
        `<b>node starts</b><br/>${clock(start.node)}`,
        `<b>image is pulled</b><br/>${clock(start.image)}`,
        `<b>models are pulled</b><br/>${clock(pool.pullSeconds)}`,
        `<b>models are loaded</b><br/>${clock(start.load)}`,
      ],
    },
  ];
  return mermaid([
    'flowchart TB',
    ...rows.flatMap(({ title, words }, row) => [
      `subgraph r${String(row)}["${title}"]`,
      '  direction LR',
      `  ${words.map((word, index) => `r${String(row)}n${String(index)}["${word}"]`).join(' --> ')}`,
      'end',
    ]),
    rows
      .slice(0, -1)
      .map((_, row) => `r${String(row)}`)
      .join(' --> '),
    `r${String(rows.length - 2)} -.- r${String(rows.length - 1)}`,
  ]);
}

function chunks<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return items.flatMap((_, index) => (index % size === 0 ? [items.slice(index, index + size)] : []));
}

function mermaid(lines: readonly string[]): string {
  const [kind = '', ...body] = lines;
  return ['```mermaid', kind, ...body.map((line) => `  ${line}`), '```'].join('\n');
}

/** `5:00` for 300 seconds. */
function clock(seconds: number): string {
  return `${String(Math.floor(seconds / 60))}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
}
