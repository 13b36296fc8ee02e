import { stackCosts } from '../stack-costs';
import type { StackFileKind } from '../stack-file';
import { withCosts } from './summarize';
import { type ClusterSummary, SUMMARY_FILE, type SummaryFile } from './summary';

/** The file with the summaries of a stack's clusters. */
export const SUMMARIES: StackFileKind<ClusterSummary> = {
  id: 'ollama-eks-summary',
  fileName: SUMMARY_FILE,
  content: (clusters, stack): SummaryFile => ({
    formatVersion: 1,
    clusters: clusters.map((cluster) => withCosts(cluster, stackCosts(stack, cluster.clusterName))),
  }),
};
