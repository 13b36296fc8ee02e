import { isClusterScoped, kindOf } from '../../catalogue/kubernetes-kinds';
import { DNS_SUBDOMAIN } from '../../catalogue/kubernetes-names';
import type { Application, Manifest } from '../application';
import { HOOK, SYNC_WAVE, isHook, manifestsOf, namespaceOf } from '../manifests';
import { inOrder } from '../order';
import { refuse } from '../refuse';

/** Names of RBAC objects are path segments. @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole */
const PATH_SEGMENT = /^[^/%]+$/;

interface CustomResourceDefinition extends Manifest {
  readonly spec: { readonly group: string; readonly names: { readonly kind: string } };
}

/** Throws a `ValidationError` for objects that clash, that their project does not allow, or that precede their definition. */
export function checkObjects(applications: readonly Application[]): void {
  const seen = new Map<string, Application>();
  const definitions = definedKinds(applications);
  for (const application of inOrder(applications)) {
    checkNotEmpty(application);
    manifestsOf(application).forEach((manifest, index) => {
      const path = `source.manifests[${index}]`;
      checkObject(application, manifest, path);
      const id = [kindOf(manifest), namespaceOf(manifest, application) ?? '', manifest.metadata.name].join(' ');
      const other = seen.get(id);
      if (other !== undefined) {
        refuse(application, {
          property: path,
          value: id,
          problem: `is also in ${other.name}`,
          allowed: 'each object in one Application',
          remedy: 'remove one of them',
        });
      }
      seen.set(id, application);
      checkDefined(application, manifest, path, definitions);
    });
  }
}

/** Git does not keep empty folders, so Argo CD would not find one. */
function checkNotEmpty(application: Application): void {
  const { source } = application;
  if (source.kind === 'manifests' && source.manifests.length === 0) {
    refuse(application, {
      property: 'source.manifests',
      value: [],
      problem: 'is empty, and Git does not keep empty folders for Argo CD to read',
      allowed: 'at least one object',
      remedy: 'remove the Application',
    });
  }
}

function checkObject(application: Application, manifest: Manifest, path: string): void {
  const kind = kindOf(manifest);
  const { name, annotations } = manifest.metadata;
  if (!(kind.startsWith('rbac.authorization.k8s.io/') ? PATH_SEGMENT : DNS_SUBDOMAIN).test(name)) {
    refuse(application, {
      property: `${path}.metadata.name`,
      value: name,
      problem: 'must be a valid name of an object',
      allowed: 'a DNS subdomain: a-z, 0-9, "-" and "."',
      remedy: 'correct it',
    });
  }
  if (kind === 'Namespace') {
    refuse(application, {
      property: path,
      value: `Namespace ${name}`,
      problem: 'must not be a manifest: the delivery creates namespaces and labels them for Pod Security',
      allowed: 'other kinds',
      remedy: 'set `namespace.podSecurity` instead',
    });
  }
  if (application.project === 'workload' && isClusterScoped(kind)) {
    refuse(application, {
      property: path,
      value: `${kind} ${name}`,
      problem: 'is cluster-scoped, which the project `workload` does not allow',
      allowed: 'namespaced kinds',
      remedy: 'use the project `platform` for it',
    });
  }
  const ordered = [HOOK, SYNC_WAVE].find((key) => annotations?.[key] !== undefined);
  if (application.healthGate.waitForHealth === false && ordered !== undefined) {
    refuse(application, {
      property: `${path}.metadata.annotations`,
      value: ordered,
      problem: 'is not supported in an Application with `waitForHealth: false`',
      allowed: 'objects without hooks and sync waves',
      remedy: 'move hooks and ordered objects to a separate Application',
    });
  }
}

/** Returns the kinds that manifests define, each with the Application that defines it. */
function definedKinds(applications: readonly Application[]): ReadonlyMap<string, Application> {
  const kinds = new Map<string, Application>();
  for (const application of applications) {
    for (const manifest of manifestsOf(application).filter(isDefinition)) {
      kinds.set(`${manifest.spec.group}/${manifest.spec.names.kind}`, application);
    }
  }
  return kinds;
}

function isDefinition(manifest: Manifest): manifest is CustomResourceDefinition {
  return kindOf(manifest) === 'apiextensions.k8s.io/CustomResourceDefinition';
}

function checkDefined(
  application: Application,
  manifest: Manifest,
  path: string,
  definitions: ReadonlyMap<string, Application>,
): void {
  const definer = definitions.get(kindOf(manifest));
  if (definer !== undefined && definer !== application && definer.wave >= application.wave && !isHook(manifest)) {
    refuse(application, {
      property: path,
      value: kindOf(manifest),
      problem: `needs the definition of its kind, which ${definer.name} creates in wave ${definer.wave}`,
      allowed: `a wave after ${definer.wave}`,
      remedy: 'move one of the two',
    });
  }
}
