import type { TerraformProvider } from '../framework';
import type { IApplicationSource } from './application';
import type { Values } from './chart-values';
import type { Mirrors } from './mirrors';

/** Props of `ArgoCdDelivery`. */
export interface ArgoCdDeliveryProps {
  /** Sources of Applications. Pass them when they are complete: a later contribution is an error at synth. */
  readonly sources: readonly IApplicationSource[];
  /** URL of the Git repository that holds the rendered tree, without credentials; known at synth. */
  readonly repository: string;
  /** Revision that is deployed: a release tag `vX.Y.Z` or a full commit ID; known at synth. */
  readonly revision: string;
  /** Path of the rendered tree in the repository, such as `argocd/g5-12xlarge`. */
  readonly path: string;
  /**
   * Name of an existing Secret in Argo CD's namespace with the repository's credentials (keys `type`, `url` and either
   * `username` and `password`, `sshPrivateKey`, or those of a GitHub App). You or External Secrets create it; Terraform
   * adds the label by which Argo CD finds it, never reads it, and fails at `apply` while it does not exist.
   * @default - the repository is public
   * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories
   */
  readonly repositorySecret?: string;
  /**
   * Whether the cluster already has an Argo CD, 3.3 or later (names in a project's `clusterResourceWhitelist`). Then only
   * the projects and the root Application are added. Its ConfigMap `argocd-cm` must contain the health check of
   * Applications (`APPLICATION_HEALTH_CHECK` under `APPLICATION_HEALTH_KEY`), or waves would not wait; `plan` fails without
   * it. Before Argo CD 3.5, it should contain that of custom resource definitions, too (`CRD_HEALTH_CHECK` under
   * `CRD_HEALTH_KEY`), or a first installation takes minutes longer; `plan` warns without it. Set its
   * `controller.sync.timeout.seconds`, too: without it, a sync that never ends blocks every later one. A change to `true`
   * uninstalls the Argo CD that this delivery installed.
   * @default false
   */
  readonly existing?: boolean;
  /**
   * Namespace of Argo CD. A change uninstalls what this delivery has installed, with everything that Argo CD has deployed, and
   * installs it again in the other namespace.
   * @default 'argocd'
   */
  readonly namespace?: string;
  /**
   * Whether to create Argo CD's namespace. Set `false` if it already exists, for example to hold the repository's Secret.
   * A change to `false` deletes the namespace that this delivery created, with everything in it.
   * @default - true unless `existing`
   */
  readonly createNamespace?: boolean;
  /**
   * Values of the argo-cd chart, merged over the library's. Not supported with `existing`.
   * @default - a controller and repository servers; no server, no users
   * @see https://github.com/argoproj/argo-helm/blob/main/charts/argo-cd/values.yaml
   */
  readonly values?: Values;
  /**
   * Existing namespaces that Applications use, in addition to those that the sources list. Keep a namespace here when its
   * last Application is removed: objects in a namespace that is no longer listed are not pruned.
   * @default - none
   */
  readonly existingNamespaces?: readonly string[];
  /**
   * Registries that all charts and images are downloaded from instead of public ones, those of Argo CD itself included. Terraform
   * downloads the charts of Argo CD, and Argo CD all others: a registry that asks for credentials must be known to both, to Argo CD
   * by a Secret with the label `argocd.argoproj.io/secret-type: repo-creds`.
   * A change updates the charts that move, and restarts the pods whose images move, servers included.
   * @default - charts and images from the registries that publish them
   * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repository-credentials
   */
  readonly mirrors?: Mirrors;
  /** @default - the stack's */
  readonly helmProvider?: TerraformProvider;
  /** @default - the stack's */
  readonly kubernetesProvider?: TerraformProvider;
}
