import type { CostLine } from '../sizing/cost';

/** File that synth writes beside `cdk.tf.json`: the summaries of the clusters of that stack. */
export const SUMMARY_FILE = 'ollama-eks.json';

/** Content of the summary file. */
export interface SummaryFile {
  /** Version of this format. */
  readonly formatVersion: 1;
  /** In order of construction. */
  readonly clusters: readonly ClusterSummary[];
}

/** What a model takes on one server of a pool. */
export interface ModelSummary {
  readonly name: string;
  /** Tokens of one request. */
  readonly contextLength: number;
  /** Requests at a time. */
  readonly parallel: number;
  /** Largest context that would fit, in tokens. */
  readonly largestContextLength: number;
}

/** A pool of GPU nodes in figures. */
export interface PoolSummary {
  readonly name: string;
  readonly instanceType: string;
  /** `4 × A10G`: the GPUs of one node. */
  readonly gpu: string;
  /** Zone; undefined where Terraform finds it at plan. */
  readonly zone?: string;
  readonly capacity: string;
  readonly replicas: number;
  readonly gpusPerReplica: number;
  /** Nodes that the replicas need. */
  readonly nodes: number;
  /** Nodes at creation. */
  readonly initialSize: number;
  readonly models: readonly ModelSummary[];
  /** GPU memory of one server, in bytes. */
  readonly vramUsedBytes: number;
  /** What is left of it beyond the margins, in bytes. */
  readonly vramFreeBytes: number;
  /** A model lies on more than one GPU. */
  readonly spread: boolean;
  /** Seconds to load all models, nothing cached. */
  readonly coldLoadSeconds: number;
  /** Seconds to pull all models from the registry, the least that network and disk allow: only if the registry keeps up. */
  readonly pullSeconds: number;
}

/** What a cluster is, does and costs, before a cent is spent. List prices in USD. */
export interface ClusterSummary {
  readonly clusterName: string;
  readonly region: string;
  readonly kubernetesVersion: string;
  /** Budget of one request on every hop, in seconds: clients and Kong take theirs from here. */
  readonly requestTimeoutSeconds: number;
  /** In order of preference. */
  readonly pools: readonly PoolSummary[];
  /** Lines of the bill; empty where a price isn't known. */
  readonly costLines: readonly CostLine[];
  /** USD per hour with all replicas running; undefined where a price isn't known. */
  readonly hourly?: number;
  /** USD per month when GPU nodes run 40 hours a week. */
  readonly monthly40h?: number;
  /** USD per month when all runs always. */
  readonly monthlyAlwaysOn?: number;
  /** Good to know, each a sentence. */
  readonly notes: readonly string[];
  /** What may go wrong, each a sentence. */
  readonly warnings: readonly string[];
}
