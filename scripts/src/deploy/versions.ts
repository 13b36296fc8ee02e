import {
  ISTIOD,
  MESH_NAMESPACE,
  readSynthesizedObjects,
  ZTUNNEL,
  type TreeObject,
  type Versions,
} from '@org/ollama-eks/pure';
import type { Project } from '../project/project';
import type { Target } from '../project/target';
import type { Aws } from '../systems/aws';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';

/** istiod or ztunnel as its chart installs it. */
interface Component extends KubernetesObject {
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
}

/** Version in the tag of an image, which may end with `-distroless`. */
const TAG = /:(\d+\.\d+\.\d+)[^/]*$/;

/** Returns the versions that run: the oldest of each part, so that an upgrade that failed halfway continues. */
export async function runningVersions(aws: Aws, kubectl: Kubectl, { clusterName }: Target): Promise<Versions> {
  const [controlPlane, nodeGroups] = await Promise.all([aws.cluster(clusterName), aws.nodeGroups(clusterName)]);
  const kubernetes = oldest([controlPlane.version, ...nodeGroups.flatMap(({ version }) => version ?? [])]);
  const istio = oldest(await istioVersions(kubectl));
  return { ...(kubernetes !== undefined && { kubernetes }), ...(istio !== undefined && { istio }) };
}

/** Returns the versions that the project sets, as synth wrote them. */
export function projectVersions({ stacks, output }: Project, { summary }: Target): Versions {
  const releases = stacks.flatMap(({ resources }) => Object.values(resources['helm_release'] ?? {}));
  const release = releases.find(({ name }) => name === ISTIOD)?.['version'];
  const application = readSynthesizedObjects(output)?.objects.find(
    ({ kind, metadata }) => kind === 'Application' && metadata.name === ISTIOD,
  );
  const istio = release ?? (application && targetRevision(application));
  return {
    ...(summary !== undefined && { kubernetes: summary.kubernetesVersion }),
    ...(typeof istio === 'string' && { istio }),
  };
}

/** Returns the versions of the control plane and the data plane. */
async function istioVersions(kubectl: Kubectl): Promise<readonly string[]> {
  const kinds = ['deployments.apps', 'daemonsets.apps'];
  const found = await Promise.all(kinds.map((kind) => kubectl.list<Component>(kind, MESH_NAMESPACE)));
  return found
    .flat()
    .filter(({ metadata: { name } }) => name === ISTIOD || name === ZTUNNEL)
    .flatMap(({ spec }) => TAG.exec(spec?.template?.spec?.containers?.[0]?.image ?? '')?.[1] ?? []);
}

function oldest(versions: readonly string[]): string | undefined {
  return [...versions].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))[0];
}

function targetRevision({ spec }: TreeObject): string | undefined {
  return (spec as { readonly source?: { readonly targetRevision?: string } } | undefined)?.source?.targetRevision;
}
