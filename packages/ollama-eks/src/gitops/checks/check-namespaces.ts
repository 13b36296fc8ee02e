import type { Application } from '../application';
import { manifestsOf, namespaceOf } from '../manifests';
import { namespaceOwners } from '../namespace-owners';
import { inOrder } from '../order';
import { refuse } from '../refuse';

/** Namespaces that every cluster has. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces */
const SYSTEM_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * Throws a `ValidationError` for a namespace that nothing creates, that two Applications create, or that is created after it
 * is needed.
 */
export function checkNamespaces(applications: readonly Application[], existing: readonly string[]): void {
  const owners = namespaceOwners(applications);
  const given = new Set([...SYSTEM_NAMESPACES, ...existing]);
  for (const application of inOrder(applications)) {
    checkOwnership(application, owners, given);
    for (const [path, name] of namespacesOf(application)) {
      const owner = owners.get(name);
      if (owner === undefined && !given.has(name)) {
        refuse(application, {
          property: path,
          value: name,
          problem: 'is a namespace that nothing creates',
          allowed: 'a namespace that one Application owns, or an existing one',
          remedy: 'set `namespace.podSecurity` on the Application that owns it, or list it in `existingNamespaces`',
        });
      }
      if (owner !== undefined && owner.wave > application.wave) {
        refuse(application, {
          property: path,
          value: name,
          problem: `is created in wave ${owner.wave} by ${owner.name}, after wave ${application.wave} needs it`,
          allowed: `wave ${owner.wave} or later for ${application.name}`,
          remedy: `own the namespace in an earlier wave`,
        });
      }
    }
  }
}

function checkOwnership(
  application: Application,
  owners: ReadonlyMap<string, Application>,
  given: ReadonlySet<string>,
): void {
  const { name, podSecurity, labels } = application.namespace;
  const owner = owners.get(name);
  if (podSecurity !== undefined && owner !== application) {
    refuse(application, {
      property: 'namespace.podSecurity',
      value: podSecurity,
      problem: `is set on the namespace ${name}, which ${owner?.name} owns`,
      allowed: 'one owner',
      remedy: 'remove it from one of them',
    });
  }
  if (podSecurity !== undefined && given.has(name)) {
    refuse(application, {
      property: 'namespace.podSecurity',
      value: podSecurity,
      problem: `would change the namespace ${name}, which already exists`,
      allowed: 'a namespace that the Application creates',
      remedy: 'remove it',
    });
  }
  if (podSecurity === undefined && labels !== undefined) {
    refuse(application, {
      property: 'namespace.labels',
      value: labels,
      problem: 'are set by an Application that does not own the namespace',
      allowed: 'labels together with `podSecurity`',
      remedy: 'move them to the owner',
    });
  }
}

/** Returns every namespace that an Application creates objects in, with its path in the Application. */
function namespacesOf(application: Application): readonly (readonly [path: string, name: string])[] {
  const own = ['namespace.name', application.namespace.name] as const;
  const ofManifests = manifestsOf(application).flatMap((manifest, index) => {
    const name = namespaceOf(manifest, application);
    return name === undefined ? [] : [[`source.manifests[${index}].metadata.namespace`, name] as const];
  });
  return [own, ...ofManifests];
}
