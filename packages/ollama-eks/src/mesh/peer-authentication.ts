// https://istio.io/latest/docs/reference/config/security/peer_authentication/
import type { Manifest } from '../gitops/application';

/** Refuses plain text to the pods of a namespace; in the mesh's own namespace, to those of the whole mesh. */
export interface PeerAuthentication extends Manifest {
  readonly apiVersion: 'security.istio.io/v1';
  readonly kind: 'PeerAuthentication';
  readonly spec: { readonly mtls: { readonly mode: 'STRICT' } };
}

/** Mutual TLS or nothing. Istio applies one policy without a selector a namespace: the oldest, hence the fixed name. */
export function strictPeerAuthentication(namespace: string): PeerAuthentication {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace },
    spec: { mtls: { mode: 'STRICT' } },
  };
}
