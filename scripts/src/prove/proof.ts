import type { FindingStatus } from '../checks/findings';

/** Version of the file format. */
export const PROOF_VERSION = 1;

/** What was measured of an endpoint: `proof.json`. It contains no text of a prompt or an answer, no key, and no address. */
export interface Proof {
  readonly formatVersion: typeof PROOF_VERSION;
  /** Start of the run, in UTC. */
  readonly date: string;
  readonly seconds: number;
  readonly versions: Versions;
  /** The cluster that serves the models; absent if the run did not know it. */
  readonly cluster?: ProvenCluster;
  /** What the cluster cost during the run, in USD at list prices; absent where a price is not known. */
  readonly costUsd?: number;
  readonly models: readonly ModelProof[];
  readonly checks: readonly ProvenCheck[];
  /** Times of scaling to zero and back; absent without `--disruptive`. */
  readonly scale?: ScaleProof;
  /** What was emulated, or was not part of the run, each a sentence without a period. */
  readonly limits: readonly string[];
}

export interface Versions {
  readonly ollamaEks: string;
  /** Absent if the endpoint does not report it. */
  readonly ollama?: string;
  readonly kubernetes?: string;
  readonly node: string;
}

export interface ProvenCluster {
  readonly name: string;
  readonly region: string;
  /** USD per hour with all replicas; absent where a price is not known. */
  readonly hourlyUsd?: number;
  readonly pools: readonly {
    readonly name: string;
    readonly instanceType: string;
    readonly gpu: string;
    readonly replicas: number;
    readonly gpusPerReplica: number;
    /** Models that its servers serve, by alias; absent in proofs of earlier versions. */
    readonly models?: readonly string[];
  }[];
}

export interface ModelProof {
  readonly model: string;
  readonly contextLength: number;
  readonly loads: readonly LoadProof[];
}

/** Figures of conversations of several clients at once. */
export interface LoadProof {
  readonly clients: number;
  /** Turns that were answered. */
  readonly turns: number;
  readonly seconds: number;
  /** Milliseconds from the first attempt to the first text, with the waits after refusals. */
  readonly firstTokenMs: Percentiles;
  /** Tokens per second of one answer, the median; absent if no answer reports it. */
  readonly tokensPerSecond?: number;
  /** Tokens per second of all answers together, waits included. */
  readonly allTokensPerSecond: number;
  /** Turns after the first of each client of whose prompt at least half was in the cache; absent where it is not known. */
  readonly cacheHits?: { readonly hits: number; readonly of: number };
  readonly refused: number;
  /** Why conversations ended early. */
  readonly failures: readonly string[];
  /** Median of the clients for each turn, in order. */
  readonly byTurn: readonly TurnProof[];
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface TurnProof {
  readonly promptTokens: number;
  /** Share of the prompt that was in the cache, by the time that the server took to read it; absent where it is not known. */
  readonly cachedShare?: number;
  readonly firstTokenMs: number;
}

/** What a check of `verify` found, without its words, which may quote an answer. */
export interface ProvenCheck {
  readonly id: string;
  readonly title: string;
  readonly status: FindingStatus;
  readonly seconds: number;
  /** Its figures. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface ScaleProof {
  /** Seconds until no server and no GPU node was left. */
  readonly toZeroSeconds: number;
  /** Seconds from zero until every model answered. */
  readonly toAnswerSeconds: number;
}
