/** Arguments whose change replaces a resource. Plans of stand-ins for providers change everything in place. */
import type { PlannedChange } from '@org/ollama-eks/pure';

type Path = readonly (string | number)[];

const OF_METADATA: readonly Path[] = [
  ['metadata', 0, 'name'],
  ['metadata', 0, 'namespace'],
];

/**
 * Fixed arguments that the library sets, of the providers that are stand-ins in plans.
 * @see https://github.com/hashicorp/terraform-provider-helm/blob/v3.1.1/helm/resource_helm_release.go
 * @see https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes/schema_metadata.go
 * @see https://github.com/hashicorp/terraform-provider-tls/tree/v4.1.0/internal/provider
 */
const FIXED: Readonly<Record<string, readonly Path[]>> = {
  helm_release: [['name'], ['namespace']],
  kubernetes_labels: OF_METADATA,
  kubernetes_namespace_v1: OF_METADATA,
  kubernetes_secret_v1: OF_METADATA,
  tls_private_key: [['algorithm'], ['ecdsa_curve']],
  tls_self_signed_cert: [['subject'], ['validity_period_hours'], ['allowed_uses'], ['is_ca_certificate']],
};

/** Returns the change as a replacement if a fixed argument changes. */
export function withReplacement(planned: PlannedChange): PlannedChange {
  const { type, change } = planned;
  const causes = (FIXED[type] ?? []).filter((path) => textAt(change.before, path) !== textAt(change.after, path));
  if (change.actions.join() !== 'update' || causes.length === 0) return planned;
  return { ...planned, change: { ...change, actions: ['delete', 'create'], replace_paths: causes } };
}

function textAt(value: unknown, path: Path): string | undefined {
  const found = path.reduce<unknown>(
    (from, key) => (from as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
  return JSON.stringify(found);
}
