import { CHARTS, publishedChart } from '../../catalogue/chart-versions';
import { isClusterScoped } from '../../catalogue/kubernetes-kinds';
import { DNS_LABEL } from '../../catalogue/kubernetes-names';
import { checkInteger } from '../../check-integer';
import type { Application } from '../application';
import { checkContent } from './check-content';
import { checkNamespaces } from './check-namespaces';
import { checkObjects } from './check-objects';
import { checkVolumes } from './check-volumes';
import { ROOT_APPLICATION } from '../names';
import { inOrder } from '../order';
import { pathIn, refuse } from '../refuse';
import { isExactVersion } from './revision';

/** Longest name of a Helm release. @see https://helm.sh/docs/topics/charts/ (release names, helm/helm pkg/chart/common/util) */
const LONGEST_RELEASE_NAME = 53;
/** Longest DNS label. */
const LONGEST_LABEL = 63;
const FIRST_WAVE = -2;
const LAST_WAVE = 6;

/** Repositories and namespaces that Applications may refer to. */
export interface CheckOptions {
  /**
   * Chart repositories in addition to those of the catalogue.
   * @default - none
   */
  readonly chartRepositories?: readonly string[];
  /**
   * Existing namespaces, in addition to those of Kubernetes itself.
   * @default - none
   */
  readonly existingNamespaces?: readonly string[];
}

/**
 * Throws a `ValidationError` for Applications that could not be deployed as specified: tokens, clashing names, namespaces
 * without an owner, floating versions, charts from undeclared or retired repositories, waves that would wait forever. The
 * error contains the name of the Application and the path in it.
 */
export function checkApplications(applications: readonly Application[], options: CheckOptions = {}): void {
  const names = new Set<string>();
  const repositories = declaredRepositories(options);
  for (const application of inOrder(applications)) {
    checkContent(application);
    checkSelf(application);
    checkSource(application, repositories);
    if (names.has(application.name)) {
      refuse(application, {
        property: 'name',
        value: application.name,
        problem: 'is the name of another Application',
        allowed: 'unique names',
        remedy: 'rename one of them',
      });
    }
    names.add(application.name);
  }
  checkNamespaces(applications, options.existingNamespaces ?? []);
  checkObjects(applications);
  checkVolumes(applications);
}

function checkSelf(application: Application): void {
  const { wave, healthGate, syncOptions = [] } = application;
  checkNames(application);
  checkInteger(pathIn(application, 'wave'), wave, {
    min: FIRST_WAVE,
    max: LAST_WAVE,
    problem: 'is not a wave',
    allowed: `whole numbers from ${FIRST_WAVE} to ${LAST_WAVE}`,
    remedy: 'choose the wave after the last one that it needs',
  });
  checkInteger(pathIn(application, 'healthGate.timeoutSeconds'), healthGate.timeoutSeconds, {
    min: 1,
    problem: 'is not a valid timeout',
    allowed: 'a whole number of seconds, at least 1',
    remedy: 'set the time that the Application may take',
  });
  if (syncOptions.includes('ApplyOutOfSyncOnly=true')) {
    refuse(application, {
      property: 'syncOptions',
      value: syncOptions,
      problem: 'would make retries skip the wait for Applications that are in sync but not healthy',
      allowed: 'any other sync option',
      remedy: 'remove it',
    });
  }
}

function checkNames(application: Application): void {
  const { name, namespace } = application;
  for (const [property, value, longest] of [
    ['name', name, LONGEST_RELEASE_NAME],
    ['namespace.name', namespace.name, LONGEST_LABEL],
  ] as const) {
    if (!DNS_LABEL.test(value) || value.length > longest) {
      refuse(application, {
        property,
        value,
        problem: 'must be a DNS label',
        allowed: `a DNS label of at most ${longest} characters: a-z, 0-9 and "-"`,
        remedy: 'correct or shorten it',
      });
    }
  }
  if (name === ROOT_APPLICATION) {
    refuse(application, {
      property: 'name',
      value: name,
      problem: 'is the name of the root Application',
      allowed: 'any other name',
      remedy: 'rename it',
    });
  }
}

function checkSource(application: Application, repositories: ReadonlySet<string>): void {
  const { source, healthGate, name } = application;
  if (source.kind === 'manifests') {
    return;
  }
  if (!repositories.has(source.repository)) {
    refuse(application, {
      property: 'source.repository',
      value: source.repository,
      problem: 'is not a declared chart repository',
      allowed: [...repositories].sort().join(', '),
      remedy: 'declare it in `chartRepositories` of the source that contributes the Application',
    });
  }
  if (!isExactVersion(source.version)) {
    refuse(application, {
      property: 'source.version',
      value: source.version,
      problem: 'is not an exact version',
      allowed: 'an exact version, such as 1.31.1',
      remedy: 'pin the version',
    });
  }
  const releaseName = source.releaseName ?? name;
  if (!DNS_LABEL.test(releaseName) || releaseName.length > LONGEST_RELEASE_NAME) {
    refuse(application, {
      property: 'source.releaseName',
      value: releaseName,
      problem: 'must be a valid release name',
      allowed: `a DNS label of at most ${LONGEST_RELEASE_NAME} characters`,
      remedy: 'correct or shorten it',
    });
  }
  const clusterScoped = (source.kinds ?? publishedChart(source.chart)?.kinds ?? []).filter(isClusterScoped);
  if (application.project === 'workload' && clusterScoped.length > 0) {
    refuse(application, {
      property: 'source.chart',
      value: source.chart,
      problem: `renders ${clusterScoped.join(', ')}, which the project \`workload\` does not allow`,
      allowed: 'namespaced kinds',
      remedy: 'use the project `platform` for it',
    });
  }
  if (healthGate.waitForHealth === false) {
    refuse(application, {
      property: 'healthGate.waitForHealth',
      value: false,
      problem: 'is not supported for a chart, because its objects are not known at synth',
      allowed: 'true for charts',
      remedy: 'remove it',
    });
  }
}

function declaredRepositories({ chartRepositories = [] }: CheckOptions): ReadonlySet<string> {
  const known = Object.values(CHARTS).map(({ repository }) => repository);
  return new Set([...known, ...chartRepositories]);
}
