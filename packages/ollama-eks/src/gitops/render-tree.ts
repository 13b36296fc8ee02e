import { objectToYaml, toYaml } from '../yaml';
import type { Application } from './application';
import { type CheckOptions, checkApplications } from './checks/check-applications';
import { childApplication } from './child-application';
import { type FileTree, manifestFiles, writeFiles } from './file-tree';
import { placedManifests } from './manifests';
import { ARGOCD_NAMESPACE } from './names';
import { inOrder } from './order';
import { escapeHelm } from './templates';
import { TREE_CHART, clearTree } from './tree-folder';

/** What the tree of Argo CD Applications says beside the Applications. */
export interface TreeOptions extends CheckOptions {
  /** Git repository that the tree is committed to. */
  readonly repository: string;
  /** Path of the tree in the repository: `argocd/g5-12xlarge`. */
  readonly path: string;
  /**
   * Namespace of Argo CD.
   * @default 'argocd'
   */
  readonly namespace?: string;
}

/** The wave −2 comes first in a listing of files, so files begin with the wave plus this. */
const WAVE_OFFSET = 2;
/**
 * Expressions of the app of apps, by the placeholder that stands for them until user content is escaped. Placeholders
 * are of Unicode's private use area, which no Kubernetes object uses.
 */
const EXPRESSIONS: ReadonlyMap<string, string> = new Map([
  ['\uE000', '{{ .Values.repository | quote }}'],
  ['\uE001', '{{ required "revision: the commit that this tree is read from" .Values.revision | quote }}'],
]);
const MANIFEST_PATH = /\uE002([a-z0-9-]+)/g;

/**
 * The tree of files for Git: a small Helm chart that holds the Argo CD Applications (`templates/<wave + 2>-<name>.yaml`)
 * beside the manifests that they apply (`manifests/<name>/`). The same Applications give the same bytes.
 */
export function treeFiles(applications: readonly Application[], options: TreeOptions): FileTree {
  checkApplications(applications, options);
  const ordered = inOrder(applications);
  return new Map([
    ['.helmignore', 'manifests/\n'],
    ['Chart.yaml', chartFile()],
    ['values.yaml', valuesFile(options)],
    ...ordered.map((application) => templateFile(application, options.namespace ?? ARGOCD_NAMESPACE)),
    ...ordered.flatMap((application) => manifestFiles(placedManifests(application), `manifests/${application.name}/`)),
  ]);
}

/**
 * Writes the tree of `treeFiles` into a directory, e.g. `argocd/g5-12xlarge` of your own repository; what an earlier
 * rendering left there is removed, other files stay.
 */
export function renderTree(applications: readonly Application[], options: TreeOptions, directory: string): void {
  const files = treeFiles(applications, options);
  clearTree(directory);
  writeFiles(files, directory);
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
    { repository: '\uE000', revision: '\uE001', manifestPath: (name) => `\uE002${name}` },
    namespace,
  );
  let text = escapeHelm(objectToYaml(object));
  for (const [placeholder, expression] of EXPRESSIONS) {
    text = text.replaceAll(placeholder, expression);
  }
  text = text.replace(MANIFEST_PATH, '{{ printf "%s/manifests/$1" .Values.path | quote }}');
  return [`templates/${application.wave + WAVE_OFFSET}-${application.name}.yaml`, text];
}
