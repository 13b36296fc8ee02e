// https://istio.io/latest/docs/ambient/usage/add-workloads/
import { AMBIENT_NAMESPACE_LABELS } from '../catalogue/ambient';
import { refuser } from '../errors';
import type { Application, Manifest, PodSecurityLevel } from '../gitops/application';
import { GATEWAY_NAMESPACE, MESH_NAMESPACE } from '../workload/names';
import { layer4Policy, type Layer4Rule } from './layer4-policy';
import { strictPeerAuthentication } from './peer-authentication';

/** A policy is checked by istiod's webhook and stored. */
const POLICIES_TIMEOUT_SECONDS = 300;
/** Names of namespaces, less the room that the prefix takes in the Application's name, which may have 53 characters. */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/;

/** How a namespace joins the mesh. */
export interface EnrollOptions {
  /**
   * Pod Security level of the namespace, which the mesh then creates and labels.
   * @default - the namespace is owned by somebody else, who gives it the labels of `MeshedNamespace.labels`
   */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * Who may call the namespace's pods; everybody else is refused, and with an empty list everybody is.
   * @default - every identity of the mesh, over mutual TLS only
   */
  readonly allow?: readonly Layer4Rule[];
}

/**
 * A namespace of the mesh. Its own NetworkPolicies, where it has any, have to admit `HBONE_PORT` from its callers and
 * `PROBE_SOURCE_CIDR` to its probes' ports: they see the mesh's packets, not the pods'.
 */
export interface MeshedNamespace {
  readonly name: string;
  /** Labels that bring its pods into the mesh; set already where the mesh owns the namespace. */
  readonly labels: Readonly<Record<string, string>>;
  /** The Application that carries its policies, and the namespace itself where the mesh owns it. */
  readonly application: Application;
}

/** Requires mutual TLS in a namespace, and admits only who is allowed. */
export function meshedNamespace(name: string, trustDomain: string, options: EnrollOptions): MeshedNamespace {
  const { podSecurity, allow } = options;
  const manifests: Manifest[] = [strictPeerAuthentication(name)];
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

/** Throws unless a namespace may join a mesh that has these already. */
export function checkEnrollable(name: string, enrolled: readonly MeshedNamespace[]): void {
  const refuse = refuser({ property: 'namespace', value: name });
  if (!NAMESPACE.test(name)) {
    refuse({
      problem: 'this is no name of a namespace',
      allowed: 'a DNS label of at most 48 characters',
      remedy: 'shorten or respell it',
    });
  }
  if (name.startsWith('kube-') || name === MESH_NAMESPACE || name === GATEWAY_NAMESPACE) {
    refuse({
      problem: "its pods are the system's or the mesh's own, which istio-cni leaves alone",
      allowed: 'a namespace of your own',
      remedy: 'leave it out; gateways are part of the mesh without being enrolled',
    });
  }
  if (enrolled.some((other) => other.name === name)) {
    refuse({
      problem: 'the namespace is enrolled already',
      allowed: 'each namespace once',
      remedy: 'put all its rules into one call',
    });
  }
}
