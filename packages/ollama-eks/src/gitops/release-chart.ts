import { toYaml } from '../yaml';
import type { Application, Manifest } from './application';
import { type FileTree, manifestFiles } from './file-tree';
import { helmManifests } from './helm-manifests';
import { escapeHelm } from './templates';

/** The chart that holds an Application's manifests, for Helm to install. */
export function releaseChart(application: Application): FileTree {
  return manifestChart(application.name, helmManifests(application));
}

/** A chart of manifests; its one value is `revision`, and only a record of the revision needs it. */
export function manifestChart(name: string, manifests: readonly Manifest[]): FileTree {
  const chart = { apiVersion: 'v2', name, description: `Manifests of ${name}`, type: 'application', version: '1.0.0' };
  const templates = manifestFiles(manifests, 'templates/');
  return new Map([
    ['Chart.yaml', toYaml(chart)],
    ...templates.map(([path, text]) => [path, escapeHelm(text)] as const),
  ]);
}
