/**
 * GitOps as data: what a construct contributes to run in the cluster, told without a word about how it gets there.
 * Nothing here may hold a token: an Application is rendered to Git, where no Terraform value exists.
 */

/** Order of deployment; a wave starts when the one before it is healthy. Deletion goes the other way. */
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
   * Further labels of the namespace; only with `podSecurity`.
   * @default - no further labels
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

/** A JSON value: what Helm values are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A published Helm chart, at an exact version. */
export interface ChartSource {
  readonly kind: 'chart';
  /** `https://…` of a Helm repository, or `oci://…`. */
  readonly repository: string;
  readonly chart: string;
  /** Exact version; ranges and floating names are refused. */
  readonly version: string;
  /** @default - the Application's name */
  readonly releaseName?: string;
  readonly values: { readonly [key: string]: Json | undefined };
  /**
   * Kinds of the objects that the chart renders, as `group/Kind` (`Kind` for the core group): what the Argo CD project
   * allows, and nothing else.
   * @default - the catalogue's list for the chart of this name; required for a chart that isn't there
   */
  readonly kinds?: readonly string[];
}

/** Kubernetes objects that the project itself writes. */
export interface ManifestSource {
  readonly kind: 'manifests';
  readonly manifests: readonly Manifest[];
}

/** What must be true before the next wave starts. */
export interface HealthGate {
  /** How long the Application may take to become healthy, in seconds; the timeout of `wait` in a Helm delivery. */
  readonly timeoutSeconds: number;
  /**
   * Whether later waves wait until the Application's objects are healthy. `false` is for servers on nodes that may be
   * absent by the operator's will (GPU nodes scaled to zero): no later wave needs them, so none may hang on them. Their
   * objects then only have to be accepted by the API server; whatever proves that they work belongs in a hook Job of a
   * later wave, which ends well where there is nothing to prove. Only for manifests.
   * @default true
   */
  readonly waitForHealth?: boolean;
}

/**
 * Fields that something else than Git writes, e.g. a certificate that a chart makes anew at every rendering: they are
 * neither compared nor overwritten.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/
 */
export interface IgnoredDifference {
  /** API group of the object; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** @default - every object of the kind in this Application */
  readonly name?: string;
  /** Paths of the fields, as jq writes them. */
  readonly jqPathExpressions: readonly string[];
}

/** A unit of deployment: one Argo CD Application, or one Helm release. */
export interface Application {
  /** DNS label, unique among all Applications of a delivery. */
  readonly name: string;
  readonly wave: Wave;
  readonly namespace: ApplicationNamespace;
  /** `platform` may own cluster-scoped objects; `workload` only namespaced ones. */
  readonly project: 'platform' | 'workload';
  readonly source: ChartSource | ManifestSource;
  readonly healthGate: HealthGate;
  /**
   * Argo CD sync options beyond the delivery's own, e.g. `Prune=false`.
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
   * @default - none
   */
  readonly syncOptions?: readonly string[];
  /** @default - none: whatever differs from Git is put right */
  readonly ignoreDifferences?: readonly IgnoredDifference[];
  /**
   * Whether the Application's objects are deleted with it.
   * @default true
   */
  readonly cascade?: boolean;
}

/**
 * A Secret that Terraform puts into the cluster before the first wave, because its value must not reach Git.
 * The only contribution that may hold tokens.
 */
export interface ClusterSecret {
  readonly name: string;
  readonly namespace: string;
  /** @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
  readonly type: string;
  /** Values by key, in plain text; sensitive. */
  readonly data: Readonly<Record<string, string>>;
}

/** Whatever contributes Applications: the cluster, the mesh, the exposure, or your own code. */
export interface IApplicationSource {
  /** The Applications contributed, in no particular order. */
  readonly applications: readonly Application[];
  /** @default - none */
  readonly secrets?: readonly ClusterSecret[];
  /**
   * Chart repositories that these Applications may use beyond those of the catalogue, e.g. a mirror; any other one is
   * refused.
   * @default - none
   */
  readonly chartRepositories?: readonly string[];
  /**
   * Namespaces that these Applications use and that are in the cluster already, labelled by somebody else.
   * @default - none
   */
  readonly existingNamespaces?: readonly string[];
  /**
   * API groups of Istio and of the Gateway API that this source defines, or that it knows to be defined in the cluster; a
   * mesh tells them. Objects of any other of them are refused.
   * @default - none
   */
  readonly definedGroups?: readonly string[];
}
