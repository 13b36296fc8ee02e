/**
 * Kinds are written as `group/Kind`, or only `Kind` for the core group: `apps/Deployment`, `ConfigMap`.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */

/** A kind of Kubernetes object without its version, as Argo CD's projects specify it. */
export interface GroupKind {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly kind: string;
}

/**
 * Cluster-scoped kinds of Kubernetes and of the software that is deployed here. All other kinds are assumed to be namespaced.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace
 */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'certificates.k8s.io/CertificateSigningRequest',
  'cert-manager.io/ClusterIssuer',
  'elbv2.k8s.aws/IngressClassParams',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'gateway.networking.k8s.io/GatewayClass',
  'karpenter.k8s.aws/EC2NodeClass',
  'karpenter.sh/NodePool',
  'networking.k8s.io/IngressClass',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'resource.k8s.io/DeviceClass',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
  'storage.k8s.io/VolumeAttributesClass',
]);

/** Returns the kind of an object, such as `apps/Deployment` for `{apiVersion: 'apps/v1', kind: 'Deployment'}`. */
export function kindOf(object: { readonly apiVersion: string; readonly kind: string }): string {
  const slash = object.apiVersion.indexOf('/');
  return slash < 0 ? object.kind : `${object.apiVersion.slice(0, slash)}/${object.kind}`;
}

/** Whether objects of a kind are outside any namespace. */
export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** Splits a kind: `apps/Deployment` → `{group: 'apps', kind: 'Deployment'}`. */
export function toGroupKind(kind: string): GroupKind {
  const slash = kind.indexOf('/');
  return slash < 0 ? { group: '', kind } : { group: kind.slice(0, slash), kind: kind.slice(slash + 1) };
}
