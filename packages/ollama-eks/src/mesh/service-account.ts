/** A service account: the identity of a workload in the mesh. */
export interface ServiceAccountIdentity {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Returns the principal of a service account as authorization policies write it: a SPIFFE ID without its scheme.
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 */
export function principal(trustDomain: string, { namespace, name }: ServiceAccountIdentity): string {
  return `${trustDomain}/ns/${namespace}/sa/${name}`;
}
