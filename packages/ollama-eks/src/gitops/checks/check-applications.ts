import { CHARTS, publishedChart } from '../../catalogue/chart-versions';
import { isClusterScoped } from '../../catalogue/kubernetes-kinds';
import { DNS_LABEL } from '../../catalogue/kubernetes-names';
import type { Application } from '../application';
import { checkContent } from './check-content';
import { checkNamespaces } from './check-namespaces';
import { checkObjects } from './check-objects';
import { checkVolumes } from './check-volumes';
import { ROOT_APPLICATION } from '../names';
import { inOrder } from '../order';
import { refuse } from '../refuse';
import { isExactVersion } from './revision';

/** Longest name of a Helm release. @see https://helm.sh/docs/topics/charts/ (release names, helm/helm pkg/chart/common/util) */
const LONGEST_RELEASE_NAME = 53;
const FIRST_WAVE = -2;
const LAST_WAVE = 6;

/** What else Applications may refer to. */
export interface CheckOptions {
  /**
   * Chart repositories beyond those of the catalogue.
   * @default - none
   */
  readonly chartRepositories?: readonly string[];
  /**
   * Namespaces that are in the cluster already, beyond those of Kubernetes itself.
   * @default - none
   */
  readonly existingNamespaces?: readonly string[];
}

/**
 * Refuses a set of Applications that could not be deployed, or not as it says: tokens, names that clash, namespaces
 * without an owner, versions that float, charts from undeclared or retired repositories, waves that would wait for ever.
 * Errors name the Application and the path inside it.
 */
export function checkApplications(applications: readonly Application[], options: CheckOptions = {}): void {
  const names = new Set<string>();
  const repositories = declaredRepositories(options);
  for (const application of inOrder(applications)) {
    checkContent(application);
    checkSelf(application);
    checkSource(application, repositories);
    if (names.has(application.name)) {
      refuse(application, 'name', application.name, 'is the name of another Application', 'unique names', 'rename one');
    }
    names.add(application.name);
  }
  checkNamespaces(applications, options.existingNamespaces ?? []);
  checkObjects(applications);
  checkVolumes(applications);
}

function checkSelf(application: Application): void {
  const { name, wave, namespace, healthGate, syncOptions = [] } = application;
  for (const [path, value] of [
    ['name', name],
    ['namespace.name', namespace.name],
  ] as const) {
    if (!DNS_LABEL.test(value) || (path === 'name' && value.length > LONGEST_RELEASE_NAME)) {
      const longest = path === 'name' ? LONGEST_RELEASE_NAME : 63;
      const allowed = `a DNS label of at most ${longest} characters: a-z, 0-9 and "-"`;
      refuse(application, path, value, 'is no DNS label', allowed, 'shorten or respell it');
    }
  }
  if (name === ROOT_APPLICATION) {
    refuse(application, 'name', name, 'is the name of the root Application', 'any other name', 'rename it');
  }
  if (!Number.isInteger(wave) || wave < FIRST_WAVE || wave > LAST_WAVE) {
    const allowed = `whole numbers from ${FIRST_WAVE} to ${LAST_WAVE}`;
    refuse(application, 'wave', wave, 'is no wave', allowed, 'choose the wave after the last one it needs');
  }
  const { timeoutSeconds } = healthGate;
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1) {
    const path = 'healthGate.timeoutSeconds';
    refuse(application, path, timeoutSeconds, 'is no timeout', 'whole seconds, at least 1', 'say how long it may take');
  }
  if (syncOptions.includes('ApplyOutOfSyncOnly=true')) {
    const problem = 'makes a retry skip the wait for what is in sync but not healthy';
    refuse(application, 'syncOptions', syncOptions, problem, 'any other sync option', 'leave it out');
  }
}

function checkSource(application: Application, repositories: ReadonlySet<string>): void {
  const { source, healthGate, name } = application;
  if (source.kind === 'manifests') {
    return;
  }
  if (!repositories.has(source.repository)) {
    const problem = 'is not a chart repository that anyone declared';
    const allowed = [...repositories].sort().join(', ');
    const remedy = 'declare it in `chartRepositories` of the source that contributes the Application';
    refuse(application, 'source.repository', source.repository, problem, allowed, remedy);
  }
  if (!isExactVersion(source.version)) {
    const allowed = 'one exact version, e.g. 1.31.1';
    refuse(application, 'source.version', source.version, 'is not one version', allowed, 'pin the version');
  }
  const releaseName = source.releaseName ?? name;
  if (!DNS_LABEL.test(releaseName) || releaseName.length > LONGEST_RELEASE_NAME) {
    const allowed = `a DNS label of at most ${LONGEST_RELEASE_NAME} characters`;
    refuse(application, 'source.releaseName', releaseName, 'is no release name', allowed, 'shorten or respell it');
  }
  const clusterScoped = (source.kinds ?? publishedChart(source.chart)?.kinds ?? []).filter(isClusterScoped);
  if (application.project === 'workload' && clusterScoped.length > 0) {
    const problem = `renders ${clusterScoped.join(', ')}, and the project \`workload\` has none of those`;
    refuse(application, 'source.chart', source.chart, problem, 'namespaced kinds', 'use the project `platform` for it');
  }
  if (healthGate.waitForHealth === false) {
    const problem = "can't be kept for a chart, whose objects aren't known at synth";
    refuse(application, 'healthGate.waitForHealth', false, problem, 'true for charts', 'leave it out');
  }
}

function declaredRepositories({ chartRepositories = [] }: CheckOptions): ReadonlySet<string> {
  const known = Object.values(CHARTS).map(({ repository }) => repository);
  return new Set([...known, ...chartRepositories]);
}
