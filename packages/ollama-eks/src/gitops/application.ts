/**
 * GitOps as data: what a construct contributes to the cluster, without how it gets there. Nothing here may hold a token:
 * an Application is rendered to Git, where no Terraform value exists.
 */
import type { ChartImage } from '../catalogue/chart-images';

/** Position in the order of deployment: a wave starts when the one before it is healthy. Deletion runs in reverse order. */
export type Wave = -2 | -1 | 0 | 1 | 2 | 3 | 4 | 5 | 6;

/**
 * Pod Security Standard enforced in a namespace.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

/** The namespace that an Application deploys to. */
export interface ApplicationNamespace {
  readonly name: string;
  /**
   * Pod Security level that this Application sets on the namespace; exactly one Application owns a namespace.
   * @default - the namespace is owned by another Application, or by the cluster
   */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * Additional labels of the namespace; require `podSecurity`.
   * @default - no additional labels
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A Kubernetes object. Build it from typed values (`kubernetes-types` and the CRD types), never from `any`. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** A JSON value, as in Helm values. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A published Helm chart, at an exact version. */
export interface ChartSource {
  readonly kind: 'chart';
  /** `https://…` of a Helm repository, or `oci://…`. */
  readonly repository: string;
  readonly chart: string;
  /** Exact version; ranges and floating names are not supported. */
  readonly version: string;
  /** @default - the Application's name */
  readonly releaseName?: string;
  readonly values: { readonly [key: string]: Json | undefined };
  /**
   * Kinds of the objects that the chart renders, as `group/Kind` (`Kind` for the core group). The Argo CD project allows
   * only these.
   * @default - the catalogue's list for the chart of this name; required for a chart that the catalogue does not list
   */
  readonly kinds?: readonly string[];
  /**
   * Images that the chart's templates can name, so that mirrors can replace them; `[]` if there are none.
   * @default - the catalogue's list for the chart of this name; with mirrors of images, required for a chart that the
   * catalogue does not list
   */
  readonly images?: readonly ChartImage[];
}

/** Kubernetes objects that your code writes itself. */
export interface ManifestSource {
  readonly kind: 'manifests';
  readonly manifests: readonly Manifest[];
}

/** What must be true before the next wave starts. */
export interface HealthGate {
  /** How long the Application may take to become healthy, in seconds; the timeout of `wait` in a Helm delivery. */
  readonly timeoutSeconds: number;
  /**
   * Whether later waves wait until the Application's objects are healthy. `false` is for servers whose nodes may be absent
   * on purpose (GPU nodes scaled to zero): no later wave needs them, so none may wait for them. The API server then only
   * has to accept their objects. A proof that they work belongs in a hook Job of a later wave, which succeeds where there
   * is nothing to prove. Only for manifests.
   * @default true
   */
  readonly waitForHealth?: boolean;
}

/**
 * Fields that something other than Git writes, such as a certificate that a chart regenerates at every rendering. They are
 * neither compared nor overwritten.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/
 */
export interface IgnoredDifference {
  /** API group of the object; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** @default - every object of the kind in this Application */
  readonly name?: string;
  /** Paths of the fields, in jq's syntax. */
  readonly jqPathExpressions: readonly string[];
}

/** A unit of deployment: one Argo CD Application, or one Helm release. */
export interface Application {
  /** DNS label, unique among all Applications of a delivery. */
  readonly name: string;
  readonly wave: Wave;
  readonly namespace: ApplicationNamespace;
  /** `platform` may own cluster-scoped objects; `workload` may own only namespaced ones. */
  readonly project: 'platform' | 'workload';
  readonly source: ChartSource | ManifestSource;
  readonly healthGate: HealthGate;
  /**
   * Argo CD sync options beyond the delivery's own, e.g. `Prune=false`.
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
   * @default - none
   */
  readonly syncOptions?: readonly string[];
  /** @default - none: every difference from Git is corrected */
  readonly ignoreDifferences?: readonly IgnoredDifference[];
  /**
   * Whether the Application's objects are deleted with it.
   * @default true
   */
  readonly cascade?: boolean;
}

/**
 * A Secret that Terraform creates before the first wave, because its value must not reach Git. The only contribution that
 * may hold tokens.
 */
export interface ClusterSecret {
  readonly name: string;
  readonly namespace: string;
  /** @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
  readonly type: string;
  /** Values by key, in plain text; sensitive. */
  readonly data: Readonly<Record<string, string>>;
}

/** A source of Applications: the cluster, the mesh, the exposure, or your own code. */
export interface IApplicationSource {
  /** The Applications contributed, in no particular order. */
  readonly applications: readonly Application[];
  /** @default - none */
  readonly secrets?: readonly ClusterSecret[];
  /**
   * Chart repositories that these Applications may use in addition to those of the catalogue and of the delivery's mirrors. Any
   * other repository is refused.
   * @default - none
   */
  readonly chartRepositories?: readonly string[];
  /**
   * Existing namespaces that these Applications use. Something else labels them.
   * @default - none
   */
  readonly existingNamespaces?: readonly string[];
  /**
   * API groups of Istio and of the Gateway API that this source defines, or that it knows to be defined in the cluster; a
   * mesh lists them. Objects of other such groups are refused.
   * @default - none
   */
  readonly definedGroups?: readonly string[];
}
