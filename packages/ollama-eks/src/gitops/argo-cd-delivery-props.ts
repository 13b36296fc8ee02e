import type { TerraformProvider } from '../framework';
import type { IApplicationSource } from './application';
import type { Values } from './argo-cd-values';

/** Props of `ArgoCdDelivery`. */
export interface ArgoCdDeliveryProps {
  /** What contributes Applications. Give it when it is complete: what it contributes later is refused at synth. */
  readonly sources: readonly IApplicationSource[];
  /** Git repository that holds the rendered tree, without credentials in it; known at synth. */
  readonly repository: string;
  /** What of the repository is deployed: a release tag `vX.Y.Z` or a whole commit id; known at synth. */
  readonly revision: string;
  /** Path of the rendered tree in the repository: `argocd/g5-12xlarge`. */
  readonly path: string;
  /**
   * Name of a Secret in Argo CD's namespace with credentials of the repository (keys `type`, `url` and either
   * `username` and `password`, `sshPrivateKey`, or those of a GitHub App), put there by you or by External Secrets; it
   * gets the label by which Argo CD finds it. Terraform never reads it, and `apply` fails while it isn't there.
   * @default - the repository is public
   * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories
   */
  readonly repositorySecret?: string;
  /**
   * Whether an Argo CD, 3.3 or later (names in a project's `clusterResourceWhitelist`), is in the cluster already; then
   * only the projects and the root Application are added. Its ConfigMap `argocd-cm` must have the health check of
   * Applications (`APPLICATION_HEALTH_CHECK` under `APPLICATION_HEALTH_KEY`), else waves don't wait: `plan` fails without
   * it. Give it a `controller.sync.timeout.seconds`, too: without one, a sync that waits for ever keeps every later one out.
   * @default false
   */
  readonly existing?: boolean;
  /**
   * Namespace of Argo CD.
   * @default 'argocd'
   */
  readonly namespace?: string;
  /**
   * Whether Argo CD's namespace is made; `false` where it is there already, e.g. with the repository's Secret in it.
   * @default - true unless `existing`
   */
  readonly createNamespace?: boolean;
  /**
   * Values of the argo-cd chart, merged over ours; not for an existing one.
   * @default - a controller and repository servers; no server, no users
   * @see https://github.com/argoproj/argo-helm/blob/main/charts/argo-cd/values.yaml
   */
  readonly values?: Values;
  /**
   * Namespaces of Applications that are in the cluster already, beyond those that the sources name; also one from which
   * the last Application goes away: what is in a namespace that is no longer named is not pruned.
   * @default - none
   */
  readonly existingNamespaces?: readonly string[];
  /** @default - the stack's */
  readonly helmProvider?: TerraformProvider;
  /** @default - the stack's */
  readonly kubernetesProvider?: TerraformProvider;
}
