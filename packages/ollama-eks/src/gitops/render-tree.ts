import { objectToYaml, toYaml } from '../yaml';
import type { Application } from './application';
import { type CheckOptions, checkApplications } from './checks/check-applications';
import { childApplication } from './child-application';
import { type FileTree, manifestFiles, writeFiles } from './file-tree';
import { hasHooks, placedManifests } from './manifests';
import { ARGOCD_NAMESPACE } from './names';
import { inOrder } from './order';
import { manifestChart } from './release-chart';
import { REVISION, escapeHelm } from './templates';
import { TREE_CHART, clearTree } from './tree-folder';

/** Settings of the tree of Argo CD Applications. */
export interface TreeOptions extends CheckOptions {
  /** Git repository that the tree is committed to. */
  readonly repository: string;
  /** Path of the tree in the repository, such as `argocd/g5-12xlarge`. */
  readonly path: string;
  /**
   * Namespace of Argo CD.
   * @default 'argocd'
   */
  readonly namespace?: string;
}

/** Added to the wave at the start of a file name, so that wave −2 comes first in a listing. */
const WAVE_OFFSET = 2;
/** Placeholders of the app of apps, like `REVISION`. */
const REPOSITORY = '\uE000';
const MANIFEST_PATH = /\uE002([a-z0-9-]+)/g;

/**
 * Returns the tree of files for Git: a small Helm chart of the Argo CD Applications (`templates/<wave + 2>-<name>.yaml`),
 * and next to it what they apply (`manifests/<name>/`: objects, or a chart of them if there are hooks). The same
 * Applications give the same bytes.
 */
export function treeFiles(applications: readonly Application[], options: TreeOptions): FileTree {
  checkApplications(applications, options);
  const ordered = inOrder(applications);
  return new Map([
    ['.helmignore', 'manifests/\n'],
    ['Chart.yaml', chartFile()],
    ['values.yaml', valuesFile(options)],
    ...ordered.map((application) => templateFile(application, options.namespace ?? ARGOCD_NAMESPACE)),
    ...ordered.flatMap(contentFiles),
  ]);
}

/**
 * Writes the tree of `treeFiles` to a directory, such as `argocd/g5-12xlarge` of your own repository. Files of an earlier
 * rendering are removed; other files stay.
 */
export function renderTree(applications: readonly Application[], options: TreeOptions, directory: string): void {
  const files = treeFiles(applications, options);
  clearTree(directory);
  writeFiles(files, directory);
}

/** Returns what an Application applies: its objects as they are, or a chart of them if one contains the revision. */
function contentFiles(application: Application): readonly (readonly [string, string])[] {
  const folder = `manifests/${application.name}/`;
  const manifests = placedManifests(application);
  return hasHooks(application)
    ? [...manifestChart(application.name, manifests)].map(([path, text]) => [folder + path, text] as const)
    : manifestFiles(manifests, folder);
}

function chartFile(): string {
  return toYaml({
    apiVersion: 'v2',
    name: TREE_CHART,
    description: 'Argo CD Applications of a private Ollama endpoint; rendered, change its source instead',
    type: 'application',
    version: '1.0.0',
  });
}

function valuesFile({ repository, path }: TreeOptions): string {
  const comment = '# The root Application sets all three; the revision is the commit that this tree is read from.\n';
  return comment + toYaml({ repository, path, revision: '' });
}

function templateFile(application: Application, namespace: string): readonly [string, string] {
  const object = childApplication(
    application,
    { repository: REPOSITORY, revision: REVISION, manifestPath: (name) => `\uE002${name}` },
    namespace,
  );
  const text = escapeHelm(objectToYaml(object))
    .replaceAll(REPOSITORY, '{{ .Values.repository | quote }}')
    .replace(MANIFEST_PATH, '{{ printf "%s/manifests/$1" .Values.path | quote }}');
  return [`templates/${application.wave + WAVE_OFFSET}-${application.name}.yaml`, text];
}
