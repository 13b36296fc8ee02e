/**
 * What a change loses for good, read from the plan and the GitOps tree without the words of the gate: a second opinion on
 * `planEffects`.
 */
import { planEffects, type PlannedChange } from '@org/ollama-eks/pure';
import type { Application, Manifest } from '@org/ollama-eks';

/** Types whose removal cannot be undone: keys, the cluster, networks, load balancers, certificates, model volumes. */
const KEPT =
  /^(aws_kms_key|aws_eks_cluster|aws_vpc|aws_lb|aws_ebs_volume|tls_self_signed_cert|kubernetes_(namespace|persistent_volume).*)$/;
/** Keys of certificate authorities; other keys sign nothing that anyone keeps. */
const AUTHORITY = 'authority-key';

/** A claim of a model volume. */
interface Claim extends Manifest {
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Returns the addresses that a plan deletes or replaces for good, and that the gate does not call a loss. */
export function unnamedLosses(changes: readonly PlannedChange[]): readonly string[] {
  const named = planEffects({ resource_changes: changes }).filter(({ effect }) => effect === 'loses');
  return plannedLosses(changes).filter((address) => !named.some((loss) => loss.address === address));
}

/** Returns the addresses that a plan deletes or replaces for good. */
export function plannedLosses(changes: readonly PlannedChange[]): readonly string[] {
  return changes
    .filter(({ change, mode }) => mode !== 'data' && change.actions.includes('delete'))
    .filter(({ type, name }) => KEPT.test(type) || (type === 'tls_private_key' && name.includes(AUTHORITY)))
    .map(({ address }) => address);
}

/** Returns the claims that Argo CD would prune, and those with a change that Kubernetes refuses. */
export function lostClaims(before: readonly Application[], after: readonly Application[]): readonly string[] {
  const [old, changed] = [claimsOf(before), claimsOf(after)];
  return [...old].flatMap(([name, claim]) => {
    const now = changed.get(name);
    if (now === undefined) return isKept(claim) ? [] : [`${name} is pruned`];
    return fixedPart(claim) === fixedPart(now) ? [] : [`${name} cannot be changed`];
  });
}

function claimsOf(applications: readonly Application[]): ReadonlyMap<string, Claim> {
  const manifests = applications.flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []));
  const claims = manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  return new Map(claims.map((claim) => [claim.metadata.name, claim as Claim]));
}

function isKept({ metadata }: Claim): boolean {
  return metadata.annotations?.['argocd.argoproj.io/sync-options']?.includes('Prune=false') ?? false;
}

/** @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims */
function fixedPart({ spec }: Claim): string {
  return JSON.stringify({ ...spec, resources: undefined, volumeAttributesClassName: undefined });
}
