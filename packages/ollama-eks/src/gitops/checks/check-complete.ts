import { MESH_GROUPS } from '../../catalogue/ambient';
import { kindOf, toGroupKind } from '../../catalogue/kubernetes-kinds';
import { ValidationError } from '../../errors';
import type { Application, IApplicationSource } from '../application';
import { manifestsOf } from '../manifests';
import { inOrder } from '../order';
import { refuse } from '../refuse';

/** Throws a `ValidationError` for sources without any Application, or with objects of a mesh but no mesh. */
export function checkComplete(sources: readonly IApplicationSource[], applications: readonly Application[]): void {
  if (applications.length === 0) {
    throw new ValidationError({
      property: 'sources',
      problem: 'contribute no Application, so there is nothing to deliver',
      allowed: 'sources that contribute at least one Application',
      remedy: 'pass the cluster, the mesh and the exposure',
    });
  }
  const defined = new Set(sources.flatMap(({ definedGroups = [] }) => definedGroups));
  for (const application of inOrder(applications)) {
    manifestsOf(application).forEach((manifest, index) => {
      const { group } = toGroupKind(kindOf(manifest));
      if (!MESH_GROUPS.includes(group) || defined.has(group)) return;
      refuse(application, {
        property: `source.manifests[${index}]`,
        value: kindOf(manifest),
        problem: 'is of a kind that the cluster will not know: no source defines it or lists it as defined',
        allowed: 'kinds in `definedGroups` of a source',
        remedy: 'add the mesh to `sources`: an `AmbientMesh`, or `AmbientMesh.fromAttributes` for an existing one',
      });
    });
  }
}
