// https://istio.io/latest/docs/reference/config/security/peer_authentication/
import type { Manifest } from '../gitops/application';

/** Refuses plaintext connections to the pods of a namespace or, in the mesh's own namespace, of the whole mesh. */
export interface PeerAuthentication extends Manifest {
  readonly apiVersion: 'security.istio.io/v1';
  readonly kind: 'PeerAuthentication';
  readonly spec: { readonly mtls: { readonly mode: 'STRICT' } };
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
