import type { Manifest } from '../gitops/application';
import { COST } from './dashboards/cost';
import { type Dashboard, dashboardConfigMap } from './dashboards/dashboard';
import { ENDPOINT } from './dashboards/endpoint';
import { GPU } from './dashboards/gpu';
import { MODELS } from './dashboards/models';
import { PATH } from './dashboards/path';

/** All dashboards. */
export const DASHBOARDS: readonly Dashboard[] = [ENDPOINT, GPU, MODELS, PATH, COST];

/** Returns the ConfigMaps of all dashboards. */
export function dashboards(namespace: string): readonly Manifest[] {
  return DASHBOARDS.map((dashboard) => dashboardConfigMap(dashboard, namespace));
}
