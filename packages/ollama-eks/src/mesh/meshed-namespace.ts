// https://istio.io/latest/docs/ambient/usage/add-workloads/
import { AMBIENT_NAMESPACE_LABELS } from '../catalogue/ambient';
import { refuser } from '../errors';
import type { Application, Manifest, PodSecurityLevel } from '../gitops/application';
import { GATEWAY_NAMESPACE, MESH_NAMESPACE } from '../workload/names';
import { layer4Policy, type Layer4Rule } from './layer4-policy';
import { cleartextPort, type CleartextPort, strictPeerAuthentication } from './peer-authentication';

/** istiod's webhook checks a policy before it is stored. */
const POLICIES_TIMEOUT_SECONDS = 300;
/** The Application is named after the namespace, with a prefix, and has at most 53 characters. */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/;

/** Options for a namespace that joins the mesh. */
export interface EnrollOptions {
  /**
   * Pod Security level of the namespace. If set, the mesh creates and labels the namespace.
   * @default - somebody else owns the namespace, and adds `MeshedNamespace.labels` to it
   */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * Sources that may call the namespace's pods. All others are refused; an empty list refuses everybody.
   * @default - every identity of the mesh, only over mutual TLS
   */
  readonly allow?: readonly Layer4Rule[];
}

/**
 * A namespace of the mesh. Its NetworkPolicies, if any, must admit its callers to `HBONE_PORT`, and `PROBE_SOURCE_CIDR` to
 * the ports of its probes: they apply to the mesh's packets, not to those of the pods.
 */
export interface MeshedNamespace {
  readonly name: string;
  /** Labels that add its pods to the mesh; the mesh sets them itself on a namespace that it owns. */
  readonly labels: Readonly<Record<string, string>>;
  /** Application with its policies, and with the namespace itself if the mesh owns it. */
  readonly application: Application;
}

/** Requires mutual TLS in a namespace, except for the ports in cleartext, and admits only the allowed callers. */
export function meshedNamespace(
  name: string,
  trustDomain: string,
  options: EnrollOptions,
  cleartext: readonly CleartextPort[] = [],
): MeshedNamespace {
  const { podSecurity, allow } = options;
  const manifests: Manifest[] = [strictPeerAuthentication(name), ...cleartext.map((port) => cleartextPort(name, port))];
  if (allow !== undefined) {
    manifests.push(layer4Policy({ name: 'allowed-callers', namespace: name, trustDomain, rules: allow }));
  }
  const labels = AMBIENT_NAMESPACE_LABELS;
  return {
    name,
    labels,
    application: {
      name: `mesh-${name}`,
      wave: 1,
      namespace: podSecurity === undefined ? { name } : { name, podSecurity, labels },
      project: 'platform',
      source: { kind: 'manifests', manifests },
      healthGate: { timeoutSeconds: POLICIES_TIMEOUT_SECONDS },
    },
  };
}

/** Checks that a namespace can join a mesh with these namespaces. */
export function checkEnrollable(name: string, enrolled: readonly MeshedNamespace[]): void {
  const refuse = refuser({ property: 'namespace', value: name });
  if (!NAMESPACE.test(name)) {
    refuse({
      problem: 'is not a valid name for an enrolled namespace',
      allowed: 'a DNS label of at most 48 characters',
      remedy: 'shorten or correct it',
    });
  }
  if (name.startsWith('kube-') || name === MESH_NAMESPACE || name === GATEWAY_NAMESPACE) {
    refuse({
      problem: 'belongs to the system or the mesh, whose pods istio-cni does not capture',
      allowed: 'a namespace of your own',
      remedy: 'remove it; gateways are part of the mesh without being enrolled',
    });
  }
  if (enrolled.some((other) => other.name === name)) {
    refuse({
      problem: 'is already enrolled',
      allowed: 'each namespace once',
      remedy: 'pass all its rules in one call',
    });
  }
}
