import { DEVELOPER_TOKENS_PER_HOUR, developers, PLANNED_SHARE } from '@org/ollama-eks/pure';
import { counted } from '../program/words';
import { clockTime } from '../program/reporter';
import type { Cell, Section } from '../report/sections';
import { type Change, hitPercent } from './changes';
import type { ModelProof, Proof } from './proof';

const UNKNOWN = 'unknown';

/** Returns the heading of the page. */
export function titleOf({ cluster, date, models }: Proof): string {
  const where = cluster === undefined ? 'an endpoint' : `${cluster.name} in ${cluster.region}`;
  return `Proof of ${where}: ${models.map(({ model }) => model).join(', ')}, ${date.slice(0, 10)}`;
}

/**
 * Returns the parts of the page, without those that are empty.
 * @param changes compared figures; none without an earlier proof
 */
export function sectionsOf(proof: Proof, changes: readonly Change[] = []): readonly Section[] {
  const sections: readonly Section[] = [
    {
      title: 'What this does not show',
      head: ['', 'limit'],
      rows: proof.limits.map((limit, index) => [String(index + 1), limit]),
    },
    {
      title: 'Coding agents at once',
      head: [
        'model',
        'agents',
        'first token p50',
        'p95',
        '',
        'tokens/s of one answer',
        'of all',
        'in the cache',
        'refused',
        'failed',
      ],
      rows: proof.models.flatMap(loadRows),
    },
    {
      title: 'Developers at work at the same time',
      head: [
        'model',
        'tokens/s of all, measured',
        'with agents',
        'developers, modeled',
        'for each GPU',
        'how they use it, modeled',
      ],
      rows: proof.models.flatMap((model) => developerRows(model, proof.cluster)),
    },
    ...proof.models.map(turnSection),
    { title: 'Checks', head: ['result', 'what holds', 'figures'], rows: proof.checks.map(checkRow) },
    { title: 'To zero and back', head: ['what', 'takes'], rows: scaleRows(proof) },
    {
      title: 'Compared with the earlier run',
      head: ['figure', 'before', 'now', 'change'],
      rows: changes.map(changeRow),
    },
    { title: 'The run', head: ['what', 'value'], rows: runRows(proof) },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function loadRows({ model, loads }: ModelProof): readonly Cell[][] {
  const longest = Math.max(1, ...loads.map(({ firstTokenMs }) => firstTokenMs.p95));
  return loads.map((load) => {
    const { clients, firstTokenMs, tokensPerSecond, allTokensPerSecond, refused, failures } = load;
    const percent = hitPercent(load);
    return [
      model,
      String(clients),
      seconds(firstTokenMs.p50),
      seconds(firstTokenMs.p95),
      { start: firstTokenMs.p50 / longest, end: firstTokenMs.p95 / longest },
      tokensPerSecond === undefined ? UNKNOWN : tokensPerSecond.toFixed(1),
      allTokensPerSecond.toFixed(1),
      percent === undefined ? UNKNOWN : `${String(percent)}\u00a0%`,
      String(refused),
      failures.length === 0 ? '0' : `${String(failures.length)}: ${[...new Set(failures)].join(', ')}`,
    ];
  });
}

/** The developers that the load with the most tokens/s is enough for, if they use no other model. */
function developerRows({ model, loads }: ModelProof, cluster: Proof['cluster']): readonly Cell[][] {
  const [most] = loads
    .filter(({ turns, failures }) => turns > 0 && failures.length === 0)
    .sort((one, other) => other.allTokensPerSecond - one.allTokensPerSecond);
  if (most === undefined) return [];
  const people = developers(most.allTokensPerSecond);
  const gpus = gpusOf(model, cluster);
  const use = `${DEVELOPER_TOKENS_PER_HOUR.toLocaleString('en-US')} tokens written an hour, ${String(PLANNED_SHARE * 100)} % of what is measured planned`;
  return [
    [
      model,
      most.allTokensPerSecond.toFixed(1),
      String(most.clients),
      String(people),
      gpus === undefined ? UNKNOWN : (people / gpus).toFixed(1),
      use,
    ],
  ];
}

/** Returns the GPUs of all servers that serve a model: of the only pool, or of those that name it. Proofs of earlier versions name none. */
function gpusOf(model: string, cluster: Proof['cluster']): number | undefined {
  const pools = cluster?.pools ?? [];
  const isKnown = pools.every(({ models }) => models !== undefined);
  const named = isKnown ? pools.filter(({ models }) => models?.includes(model)) : [];
  const serving = pools.length === 1 ? pools : named;
  const gpus = serving.reduce((sum, { replicas, gpusPerReplica }) => sum + replicas * gpusPerReplica, 0);
  return gpus === 0 ? undefined : gpus;
}

/** The turns of a single client: whether the cache holds as the conversation grows. */
function turnSection({ model, loads }: ModelProof): Section {
  const [one] = loads;
  return {
    title: `${model}: turn by turn, ${counted(one?.clients ?? 0, 'agent')}`,
    head: ['turn', 'prompt', 'in the cache', '', 'first token'],
    rows: (one?.byTurn ?? []).map(({ promptTokens, cachedShare, firstTokenMs }, index) => [
      String(index + 1),
      `${promptTokens.toLocaleString('en-US')} tokens`,
      cachedShare === undefined ? UNKNOWN : `${(cachedShare * 100).toFixed(0)} %`,
      { start: 0, end: cachedShare ?? 0 },
      seconds(firstTokenMs),
    ]),
  };
}

function checkRow({ status, title, figures }: Proof['checks'][number]): readonly Cell[] {
  const shown = Object.entries(figures).map(([name, value]) => `${words(name)} ${value.toLocaleString('en-US')}`);
  return [status, title, shown.join(', ')];
}

/** `promised tokens` for `promisedTokens`. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function scaleRows({ scale }: Proof): readonly Cell[][] {
  if (scale === undefined) return [];
  return [
    ['until no server and no GPU node is left', `${clockTime(scale.toZeroSeconds)} min`],
    ['from zero until every model answers', `${clockTime(scale.toAnswerSeconds)} min`],
  ];
}

function changeRow({ figure, unit, before, now }: Change): readonly Cell[] {
  const shown = (value: number) => `${value.toLocaleString('en-US')}${unit === '' ? '' : ` ${unit}`}`;
  return [figure, shown(before), shown(now), changeText(before, now)];
}

function changeText(before: number, now: number): string {
  if (before === now) return 'equal';
  if (before === 0) return 'more';
  const percent = Math.round((now / before - 1) * 100);
  return `${percent > 0 ? '+' : ''}${String(percent)} %`;
}

function runRows({ date, seconds: took, versions, cluster, costUsd, models }: Proof): readonly Cell[][] {
  const { ollamaEks, ollama, kubernetes, node } = versions;
  return [
    ['started', date],
    ['took', `${clockTime(took)} min`],
    ['cost of the cluster meanwhile, at list prices', costUsd === undefined ? UNKNOWN : `$${costUsd.toFixed(2)}`],
    ['ollama-eks', ollamaEks],
    ['Ollama', ollama ?? UNKNOWN],
    ['Kubernetes', kubernetes ?? UNKNOWN],
    ['Node.js', node],
    ...(cluster?.pools ?? []).map(({ name, instanceType, gpu, replicas, models: served }) => [
      `pool ${name}`,
      `${counted(replicas, 'server')} on ${instanceType} (${gpu})${served === undefined ? '' : `, with ${served.join(', ')}`}`,
    ]),
    ...models.map(({ model, contextLength }) => [model, `${contextLength.toLocaleString('en-US')} tokens of context`]),
  ];
}

/** `0.35 s`, which is not broken into two lines. */
function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)}\u00a0s`;
}
