import type { LoadProof, Proof } from './proof';

/** A figure of two proofs. */
export interface Change {
  /** `qwen3-coder:30b-ctx64k, 4 at once: first token, p95`. */
  readonly figure: string;
  readonly unit: 'ms' | 'tokens/s' | '%' | '' | 's' | 'USD';
  readonly before: number;
  readonly now: number;
}

/** Compares the figures that two proofs have in common. */
export function changesOf(before: Proof, now: Proof): readonly Change[] {
  const loads = now.models.flatMap(({ model, loads: all }) =>
    all.flatMap((load) => {
      const earlier = before.models
        .find((other) => other.model === model)
        ?.loads.find(({ clients }) => clients === load.clients);
      return earlier === undefined ? [] : loadChanges(`${model}, ${String(load.clients)} at once`, earlier, load);
    }),
  );
  return [
    ...loads,
    ...both('from zero to an answer', 's', before.scale?.toAnswerSeconds, now.scale?.toAnswerSeconds),
    ...both('failed checks', '', failed(before), failed(now)),
    ...both('cost of the run', 'USD', before.costUsd, now.costUsd),
  ];
}

function loadChanges(what: string, before: LoadProof, now: LoadProof): readonly Change[] {
  return [
    ...both(`${what}: first token, p50`, 'ms', before.firstTokenMs.p50, now.firstTokenMs.p50),
    ...both(`${what}: first token, p95`, 'ms', before.firstTokenMs.p95, now.firstTokenMs.p95),
    ...both(`${what}: one answer`, 'tokens/s', before.tokensPerSecond, now.tokensPerSecond),
    ...both(`${what}: all answers`, 'tokens/s', before.allTokensPerSecond, now.allTokensPerSecond),
    ...both(`${what}: turns with a cached prompt`, '%', hitPercent(before), hitPercent(now)),
    ...both(`${what}: refused`, '', before.refused, now.refused),
  ];
}

/** Percent of the turns that were in the cache; undefined where it is not known. */
export function hitPercent({ cacheHits }: LoadProof): number | undefined {
  if (cacheHits === undefined || cacheHits.of === 0) return undefined;
  return Math.round((cacheHits.hits / cacheHits.of) * 100);
}

function failed({ checks }: Proof): number {
  return checks.filter(({ status }) => status === 'fail').length;
}

function both(figure: string, unit: Change['unit'], before?: number, now?: number): readonly Change[] {
  return before === undefined || now === undefined ? [] : [{ figure, unit, before, now }];
}
