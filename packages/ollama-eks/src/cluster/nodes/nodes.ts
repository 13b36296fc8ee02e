import type { ITerraformDependable, TerraformProvider } from '../../framework';

/** What the nodes of all pools have in common. */
export interface NodesProps {
  /** Name of the cluster, as an attribute of the cluster's resource: nodes come after it. */
  readonly clusterName: string;
  /** Name of the cluster as known at synth. */
  readonly installation: string;
  readonly kubernetesVersion: string;
  readonly nodeRoleArn: string;
  /** What must stand before a node comes and after it has gone: the node role's policies, the CNI. */
  readonly dependsOn: readonly ITerraformDependable[];
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}
