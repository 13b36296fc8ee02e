import type { Finding } from '../checks/findings';
import type { Load } from './load';
import type { LoadProof, Percentiles, ProvenCheck, TurnProof } from './proof';
import type { TurnFigures } from './turn';

/** Share of a prompt above which it counts as cached. */
const HIT_SHARE = 0.5;

/**
 * Tokens that the server reads in a millisecond, of a prompt without anything in the cache: the first turn of a single client.
 * Undefined with several clients, which slow each other down, and if the server does not report times.
 */
export function readingRate({ clients, conversations }: Load): number | undefined {
  const first = conversations[0]?.[0];
  if (clients !== 1 || first === undefined || first.promptTokens === 0 || first.readMs === 0) return undefined;
  return first.promptTokens / first.readMs;
}

/** Summarizes a load. @param rate tokens that are read in a millisecond without a cache; undefined if it is not known */
export function loadProof(load: Load, rate: number | undefined): LoadProof {
  const { clients, conversations, seconds, refused, failures } = load;
  const turns = conversations.flat();
  const later = conversations.flatMap((conversation) => conversation.slice(1));
  const speeds = turns.filter(({ writeMs }) => writeMs > 0).map((turn) => (turn.answerTokens / turn.writeMs) * 1000);
  const tokens = turns.reduce((sum, { answerTokens }) => sum + answerTokens, 0);
  return {
    clients,
    turns: turns.length,
    seconds: rounded(seconds, 1),
    firstTokenMs: percentiles(turns.map(({ firstTokenMs }) => firstTokenMs)),
    ...(speeds.length > 0 && { tokensPerSecond: rounded(percentile(speeds, 50), 1) }),
    allTokensPerSecond: seconds === 0 ? 0 : rounded(tokens / seconds, 1),
    ...(rate !== undefined && {
      cacheHits: { hits: later.filter((turn) => cachedShare(turn, rate) >= HIT_SHARE).length, of: later.length },
    }),
    refused,
    failures,
    byTurn: byTurn(conversations, rate),
  };
}

function byTurn(conversations: readonly (readonly TurnFigures[])[], rate: number | undefined): readonly TurnProof[] {
  const length = Math.max(0, ...conversations.map((conversation) => conversation.length));
  return Array.from({ length }, (_, index) => {
    const turns = conversations.flatMap((conversation) => conversation[index] ?? []);
    const median = (figure: (turn: TurnFigures) => number) => percentile(turns.map(figure), 50);
    return {
      promptTokens: median(({ promptTokens }) => promptTokens),
      ...(rate !== undefined && {
        cachedShare: rounded(
          median((turn) => cachedShare(turn, rate)),
          3,
        ),
      }),
      firstTokenMs: Math.round(median(({ firstTokenMs }) => firstTokenMs)),
    };
  });
}

/**
 * Share of a prompt that was in the cache. Ollama reports how long it took to read a prompt, but not how much of it. If the GPU is
 * shared, reading takes longer, and the share is an underestimate.
 */
export function cachedShare({ promptTokens, readMs }: TurnFigures, rate: number): number {
  return promptTokens === 0 ? 0 : Math.max(0, 1 - (readMs * rate) / promptTokens);
}

export function percentiles(values: readonly number[]): Percentiles {
  return { p50: Math.round(percentile(values, 50)), p95: Math.round(percentile(values, 95)) };
}

/** Returns the nearest-rank percentile; 0 of no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

/** Keeps only the figures of a finding: its words may quote an answer. */
export function provenCheck({ id, title, status, seconds, evidence = {} }: Finding): ProvenCheck {
  const figures = Object.entries(evidence).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, value] as const] : [],
  );
  return { id, title, status, seconds: rounded(seconds, 1), figures: Object.fromEntries(figures) };
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
