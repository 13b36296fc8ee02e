/** Renders an Application at a revision of the tree, like Argo CD (reposerver/repository, GenerateManifests). */
import type { Application, Manifest } from '../../../src/gitops/application';
import { childApplication } from '../../../src/gitops/child-application';
import { isHook, placedManifests } from '../../../src/gitops/manifests';
import { REVISION } from '../../../src/gitops/templates';
import { type Desired, objectId } from './simulated-cluster';

/** The part of an Argo CD Application's spec that the simulation uses. */
interface ChildSpec {
  readonly source: {
    readonly targetRevision: string;
    readonly helm?: { readonly valuesObject?: { readonly revision?: string } };
  };
}

export interface Rendering extends Desired {
  readonly revision: string;
  readonly spec: ChildSpec;
  /** All objects, hooks included; none of a chart, which is one object here. */
  readonly manifests: readonly Manifest[];
}

export function rendering(application: Application, revision: string): Rendering {
  const location = { repository: 'r', revision, manifestPath: (name: string) => `manifests/${name}` };
  const { spec } = childApplication(application, location, 'argocd') as { readonly spec: ChildSpec };
  const manifests = placedManifests(application).map((manifest) => filledIn(manifest, spec));
  const kept =
    application.source.kind === 'chart'
      ? [[`chart ${application.name}`, JSON.stringify(application.source)] as const]
      : manifests
          .filter((manifest) => !isHook(manifest))
          .map((manifest) => [objectId(application, manifest), JSON.stringify(manifest)] as const);
  return { application, revision, spec, manifests, kept: new Map(kept) };
}

/** Fills in the value from the spec, as Helm does; returns a folder of plain objects unchanged. */
function filledIn(manifest: Manifest, { source }: ChildSpec): Manifest {
  const revision = source.helm?.valuesObject?.revision ?? REVISION;
  const text = JSON.stringify(manifest);
  return text.includes(REVISION) ? (JSON.parse(text.replaceAll(REVISION, revision)) as Manifest) : manifest;
}
