import type { TelemetrySummary } from '../observability/telemetry-summary';
import type { CostLine } from '../sizing/cost';

/** Name of the file that synth writes next to `cdk.tf.json`, with the summaries of the stack's clusters. */
export const SUMMARY_FILE = 'ollama-eks.json';

/** Content of the summary file. */
export interface SummaryFile {
  /** Version of the file format. */
  readonly formatVersion: 1;
  /** In order of construction. */
  readonly clusters: readonly ClusterSummary[];
}

/** A model as one server of a pool serves it. */
export interface ModelSummary {
  readonly name: string;
  /** Context of one request, in tokens. */
  readonly contextLength: number;
  /** Requests processed at the same time. */
  readonly parallel: number;
  /** Largest context that fits, in tokens. */
  readonly largestContextLength: number;
  /** Tokens per batch that are set because the model does not fit with Ollama's own choice; fewer read long prompts more slowly. */
  readonly numBatch?: number;
}

/** Memory of one GPU of a server, in bytes: what is used, what must stay free, and what is free beyond that. */
export interface GpuMemorySummary {
  readonly usedBytes: number;
  /** Margin that llama.cpp keeps free. */
  readonly marginBytes: number;
  readonly freeBytes: number;
}

/** Figures of a GPU pool. */
export interface PoolSummary {
  readonly name: string;
  readonly instanceType: string;
  /** `4 × A10G`: the GPUs of one node. */
  readonly gpu: string;
  /** Zone of the nodes; undefined where Terraform finds it at plan. */
  readonly zone?: string;
  readonly capacity: string;
  readonly replicas: number;
  readonly gpusPerReplica: number;
  /** Nodes that the replicas need. */
  readonly nodes: number;
  /** Nodes at creation. */
  readonly initialSize: number;
  /** Nodes of the warm pool that run or are stopped, in all; absent without a warm pool. */
  readonly preparedNodes?: number;
  readonly models: readonly ModelSummary[];
  /** Memory of each GPU of one server; absent in files of earlier versions. */
  readonly gpus?: readonly GpuMemorySummary[];
  /** GPU memory that one server uses, in bytes. */
  readonly vramUsedBytes: number;
  /** GPU memory that stays free beyond the margins, in bytes. */
  readonly vramFreeBytes: number;
  /** Whether a model is spread over more than one GPU. */
  readonly spread: boolean;
  /** Bytes of all models, as they are pulled; absent in files of earlier versions. */
  readonly modelBytes?: number;
  /** Seconds to load all models when nothing is cached. */
  readonly coldLoadSeconds: number;
  /** Seconds to pull all models from the registry, as limited by network and disk; longer if the registry is slower. */
  readonly pullSeconds: number;
}

/** What a cluster is, does and costs, before anything is created. List prices in USD. */
export interface ClusterSummary {
  readonly clusterName: string;
  readonly region: string;
  readonly kubernetesVersion: string;
  /** Whether the cluster belongs to another stack, so that only its pools are described here. @default false */
  readonly existing?: boolean;
  /** Time budget of one request on every hop, in seconds; clients and Kong use it. */
  readonly requestTimeoutSeconds: number;
  /** In order of preference. */
  readonly pools: readonly PoolSummary[];
  /** Absent without observability. */
  readonly telemetry?: TelemetrySummary;
  /** Lines of the bill; empty where a price is not known. */
  readonly costLines: readonly CostLine[];
  /** USD per hour with all replicas running; undefined where a price is not known. */
  readonly hourly?: number;
  /** USD per month when GPU nodes run 40 hours a week. */
  readonly monthly40h?: number;
  /** USD per month when everything runs all the time. */
  readonly monthlyAlwaysOn?: number;
  /** Facts that are good to know, each a sentence. */
  readonly notes: readonly string[];
  /** Risks, each a sentence. */
  readonly warnings: readonly string[];
}
