/** A service account: what a workload proves to be in the mesh. */
export interface ServiceAccountIdentity {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The principal of a service account as authorization policies spell it: a SPIFFE id without its scheme.
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 */
export function principal(trustDomain: string, { namespace, name }: ServiceAccountIdentity): string {
  return `${trustDomain}/ns/${namespace}/sa/${name}`;
}
