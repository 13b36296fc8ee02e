import { ValidationError } from '../../errors';
import type { Application, ClusterSecret } from '../application';
import { namespaceOwners } from '../namespace-owners';

/** Throws a `ValidationError` for a Secret that clashes with another, that is empty, or whose namespace nothing creates. */
export function checkSecrets({
  applications,
  secrets,
  existingNamespaces,
}: {
  readonly applications: readonly Application[];
  readonly secrets: readonly ClusterSecret[];
  readonly existingNamespaces: readonly string[];
}): void {
  const owners = namespaceOwners(applications);
  const seen = new Set<string>();
  for (const { name, namespace, data } of secrets) {
    const id = `${namespace}/${name}`;
    const property = `secrets[${id}]`;
    if (seen.has(id)) {
      const problem = 'is contributed twice';
      throw new ValidationError({ property, problem, allowed: 'unique names', remedy: 'rename one of the Secrets' });
    }
    seen.add(id);
    if (!owners.has(namespace) && !existingNamespaces.includes(namespace)) {
      throw new ValidationError({
        property: `${property}.namespace`,
        value: namespace,
        problem: 'is a namespace that nothing creates',
        allowed: 'a namespace that an Application owns, or an existing one',
        remedy: 'contribute the Application that owns it, or list it in `existingNamespaces`',
      });
    }
    if (Object.keys(data).length === 0) {
      const problem = 'is empty';
      throw new ValidationError({
        property: `${property}.data`,
        problem,
        allowed: 'at least one key',
        remedy: 'add its keys, or remove the Secret',
      });
    }
  }
}
