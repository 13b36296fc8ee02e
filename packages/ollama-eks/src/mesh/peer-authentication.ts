// https://istio.io/latest/docs/reference/config/security/peer_authentication/
import type { Manifest } from '../gitops/application';

/** Refuses plaintext connections to the pods of a namespace or, in the mesh's own namespace, of the whole mesh. */
export interface PeerAuthentication extends Manifest {
  readonly apiVersion: 'security.istio.io/v1';
  readonly kind: 'PeerAuthentication';
  readonly spec: {
    readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly mtls: { readonly mode: 'STRICT' };
    readonly portLevelMtls?: Readonly<Record<string, { readonly mode: 'PERMISSIVE' }>>;
  };
}

/** Pods of which one port also accepts cleartext. */
export interface CleartextPort {
  /** Name of the policy. */
  readonly name: string;
  readonly matchLabels: Readonly<Record<string, string>>;
  /** Port of the pods themselves. */
  readonly port: number;
}

/**
 * Requires mutual TLS. The name is fixed because Istio applies only one policy without a selector per namespace, the oldest.
 */
export function strictPeerAuthentication(namespace: string): PeerAuthentication {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace },
    spec: { mtls: { mode: 'STRICT' } },
  };
}

/**
 * Requires mutual TLS of some pods, except for one port. The mode of the pods is set, too: istiod exempts ports only in a policy that is
 * strict itself.
 * @see https://github.com/istio/istio/blob/master/architecture/ambient/peer-authentication.md
 */
export function cleartextPort(namespace: string, { name, matchLabels, port }: CleartextPort): PeerAuthentication {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { [String(port)]: { mode: 'PERMISSIVE' } },
    },
  };
}
