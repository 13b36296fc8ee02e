import type { Application } from './application';
import { inOrder } from './order';

/** Returns the owner of each namespace: the Application that sets its Pod Security level. */
export function namespaceOwners(applications: readonly Application[]): ReadonlyMap<string, Application> {
  const owners = new Map<string, Application>();
  for (const application of inOrder(applications)) {
    if (application.namespace.podSecurity !== undefined && !owners.has(application.namespace.name)) {
      owners.set(application.namespace.name, application);
    }
  }
  return owners;
}
