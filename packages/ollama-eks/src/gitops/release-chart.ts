import { toYaml } from '../yaml';
import type { Application, Manifest } from './application';
import { type FileTree, manifestFiles } from './file-tree';
import { helmManifests } from './helm-manifests';
import { escapeHelm } from './templates';

/** Returns a chart of an Application's manifests, for Helm to install. */
export function releaseChart(application: Application): FileTree {
  return manifestChart(application.name, helmManifests(application));
}

/** Returns a chart of manifests; its one value, `revision`, is used only by a record of the revision. */
export function manifestChart(name: string, manifests: readonly Manifest[]): FileTree {
  const chart = { apiVersion: 'v2', name, description: `Manifests of ${name}`, type: 'application', version: '1.0.0' };
  const templates = manifestFiles(manifests, 'templates/');
  return new Map([
    ['Chart.yaml', toYaml(chart)],
    ...templates.map(([path, text]) => [path, escapeHelm(text)] as const),
  ]);
}
