// https://argo-cd.readthedocs.io/en/stable/operator-manual/cluster-bootstrapping/
import { createHash } from 'node:crypto';
import { CHARTS, type PublishedChart } from '../catalogue/chart-versions';
import { checkProps, FLAG, listOf, OBJECT, required, type Shape, TEXT } from '../check-props';
import { Construct, type ITerraformDependable, TerraformStack } from '../framework';
import { helm, type Release } from '../providers/helm';
import { type DataKubernetesConfigMapV1, kubernetes, type Labels, type NamespaceV1 } from '../providers/kubernetes';
import { StackFile } from '../stack-file';
import { toYaml } from '../yaml';
import type { Application, ChartSource } from './application';
import { APPLICATION_HEALTH_CHECK, APPLICATION_HEALTH_KEY } from './application-health';
import type { ArgoCdDeliveryProps } from './argo-cd-delivery-props';
import { argoCdValues } from './argo-cd-values';
import type { Values } from './chart-values';
import { checkArgoCdNamespace, checkArgoCdProps } from './checks/check-argo-cd-props';
import { type Contributions, contributionsOf, lateContributions } from './contributions';
import { CRD_HEALTH_KEY } from './crd-health';
import { downloadsOf } from './downloads';
import { DOWNLOADS } from './downloads-file';
import { GeneratedAsset } from './generated-asset';
import { ARGOCD_NAMESPACE, ROOT_APPLICATION, namespaceLabels } from './names';
import { NamespacesAndSecrets } from './namespaces-and-secrets';
import { mirroredChart } from './mirrored';
import { MIRRORS } from './mirrors';
import { longestRollout } from './order';
import { type TreeOptions, treeFiles } from './render-tree';
import { type RootOptions, argoCdAppsValues } from './root-application';
import { escapeTerraform } from './templates';

/** On a fresh cluster, nodes are still joining and images are still being pulled. */
const INSTALL_TIMEOUT_SECONDS = 900;
/** Minimum time for the Applications to be deleted: servers drain, and load balancers release their targets. */
const MIN_UNINSTALL_SECONDS = 1800;
/** Label by which Argo CD finds the credentials of repositories. @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories */
const SECRET_TYPE_LABEL = 'argocd.argoproj.io/secret-type';

const APPS_SOURCE = publishedSource(CHARTS.argoCdApps, {});

/** Identifies the health check in a Terraform expression that is too short to contain it. */
const HEALTH_CHECK_HASH = createHash('sha256').update(APPLICATION_HEALTH_CHECK.trim()).digest('hex');

/** What each prop must be, for callers without types. */
const SHAPE: Shape<ArgoCdDeliveryProps> = {
  sources: required(listOf(OBJECT)),
  repository: required(TEXT),
  revision: required(TEXT),
  path: required(TEXT),
  repositorySecret: TEXT,
  existing: FLAG,
  namespace: TEXT,
  createNamespace: FLAG,
  values: OBJECT,
  existingNamespaces: listOf(TEXT),
  mirrors: MIRRORS,
  helmProvider: OBJECT,
  kubernetesProvider: OBJECT,
};

/**
 * Deploys Applications through Git: installs Argo CD, the projects, and the root Application that contains all others.
 * `terraform destroy` waits until Argo CD has deleted them, last wave first.
 *
 * Requires the providers `helm` and `kubernetes` in its stack. AWS's managed capability for Argo CD is not supported: it
 * accepts only part of `argocd-cm`, and its documentation does not say whether that part includes the health check of
 * Applications, so waves might not wait (https://docs.aws.amazon.com/eks/latest/userguide/argocd-configure-settings.html).
 */
export class ArgoCdDelivery extends Construct {
  /** Applications that are deployed, after all checks. */
  public readonly applications: readonly Application[];
  /** The rendered tree, an asset of the stack. Commit its content at `path` of the repository. */
  public readonly tree: GeneratedAsset;
  /** Namespaces of Secrets, and Secrets. */
  public readonly prerequisites: NamespacesAndSecrets;
  /** Namespace of Argo CD; undefined if it exists already. */
  public readonly argoCdNamespace?: NamespaceV1;
  /** Label of the repository's Secret; undefined without `repositorySecret`. */
  public readonly repositoryLabels?: Labels;
  /** The release of the argo-cd chart; undefined with `existing`. */
  public readonly argoCd?: Release;
  /** The release of the argocd-apps chart, which contains the projects and the root Application. */
  public readonly root: Release;

  public constructor(scope: Construct, id: string, props: ArgoCdDeliveryProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    checkArgoCdProps(props, this);
    const namespace = props.namespace ?? ARGOCD_NAMESPACE;
    const contributions = contributionsOf(props);
    this.applications = contributions.applications;
    checkArgoCdNamespace(namespace, this.applications, this);
    this.node.addValidation({ validate: () => lateContributions(props.sources, contributions) });

    this.tree = new GeneratedAsset(this, 'tree', treeFiles(this.applications, treeOptions(props, contributions)));
    const own = props.existing === true ? [] : [{ name: 'argo-cd', source: this.argoCdSource(props) }];
    const downloads = [...contributions.published, ...own, { name: ROOT_APPLICATION, source: APPS_SOURCE }];
    StackFile.add(this, DOWNLOADS, downloadsOf(downloads, props.mirrors));
    this.prerequisites = new NamespacesAndSecrets(this, 'prerequisites', {
      contributions,
      namespaces: 'of-secrets',
      provider: props.kubernetesProvider,
    });
    this.argoCdNamespace = this.addNamespace(namespace, props);
    this.argoCd = this.addArgoCd(namespace, props);
    this.repositoryLabels = this.labelRepositorySecret(namespace, props);
    const credentials = this.repositoryLabels === undefined ? [] : [this.repositoryLabels];
    this.root = new helm.Release(this, 'Resource', {
      ...release(
        mirroredChart(APPS_SOURCE, props.mirrors),
        argoCdAppsValues(this.applications, rootOptions(props, namespace, contributions)),
      ),
      name: ROOT_APPLICATION,
      namespace,
      // This applies to `destroy` too, which ends when Argo CD has deleted the Applications.
      timeout: Math.max(MIN_UNINSTALL_SECONDS, longestRollout(this.applications)),
      dependsOn: [this.argoCd ?? this.findArgoCd(namespace, props), ...credentials, ...this.prerequisites.ready],
      provider: props.helmProvider,
    });
  }

  private addNamespace(name: string, props: ArgoCdDeliveryProps): NamespaceV1 | undefined {
    const { existing = false, createNamespace = !existing, kubernetesProvider: provider } = props;
    const metadata = { name, labels: namespaceLabels('restricted') };
    return createNamespace ? new kubernetes.NamespaceV1(this, 'namespace', { metadata, provider }) : undefined;
  }

  private addArgoCd(namespace: string, props: ArgoCdDeliveryProps): Release | undefined {
    if (props.existing === true) {
      return undefined;
    }
    const source = mirroredChart(this.argoCdSource(props), props.mirrors);
    return new helm.Release(this, 'argo-cd', {
      ...release(source, source.values),
      name: 'argocd',
      namespace,
      timeout: INSTALL_TIMEOUT_SECONDS,
      dependsOn: this.ownNamespace,
      provider: props.helmProvider,
    });
  }

  private argoCdSource({ values }: ArgoCdDeliveryProps): ChartSource {
    return publishedSource(CHARTS.argoCd, argoCdValues(this.applications, values));
  }

  /** Reads Argo CD's settings at plan, which fails if waves would not wait, and warns if they would wait too long. */
  private findArgoCd(namespace: string, { kubernetesProvider }: ArgoCdDeliveryProps): ITerraformDependable {
    const settings = new kubernetes.DataKubernetesConfigMapV1(this, 'settings', {
      metadata: { name: 'argocd-cm', namespace },
      provider: kubernetesProvider,
    });
    settings.addOverride('lifecycle.postcondition', [
      {
        condition: `\${try(sha256(trimspace(self.data["${APPLICATION_HEALTH_KEY}"])) == "${HEALTH_CHECK_HASH}", false)}`,
        error_message:
          `ConfigMap argocd-cm must have the "${APPLICATION_HEALTH_KEY}" that this release requires; otherwise waves do not ` +
          'wait. Set it to APPLICATION_HEALTH_CHECK of @org/ollama-eks.',
      },
    ]);
    this.warnUnlessCrdsAreChecked(settings);
    return settings;
  }

  /** Adds a check block, which only warns: Argo CD 3.5 and later do not need the key, and `argocd-cm` does not contain the version. */
  private warnUnlessCrdsAreChecked({ terraformResourceType, friendlyUniqueId }: DataKubernetesConfigMapV1): void {
    TerraformStack.of(this).addOverride(`check.${friendlyUniqueId}_crd_health`, {
      assert: {
        condition: `\${can(data.${terraformResourceType}.${friendlyUniqueId}.data["${CRD_HEALTH_KEY}"])}`,
        error_message:
          `ConfigMap argocd-cm has no "${CRD_HEALTH_KEY}". Before Argo CD 3.5, new custom resource definitions then count as ` +
          'degraded for some seconds, and a first installation takes minutes longer. Set it to CRD_HEALTH_CHECK of @org/ollama-eks.',
      },
    });
  }

  /** The namespace of Argo CD, as a dependency, if this construct creates it. */
  private get ownNamespace(): NamespaceV1[] {
    return this.argoCdNamespace === undefined ? [] : [this.argoCdNamespace];
  }

  private labelRepositorySecret(
    namespace: string,
    { repositorySecret, kubernetesProvider }: ArgoCdDeliveryProps,
  ): Labels | undefined {
    if (repositorySecret === undefined) return undefined;
    return new kubernetes.Labels(this, 'repository-secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: repositorySecret, namespace },
      labels: { [SECRET_TYPE_LABEL]: 'repository' },
      dependsOn: this.ownNamespace,
      provider: kubernetesProvider,
    });
  }
}

function publishedSource({ repository, chart, version }: PublishedChart, values: Values): ChartSource {
  return { kind: 'chart', repository, chart, version, values };
}

/** Returns the settings that both releases share. */
function release({ repository, chart, version }: ChartSource, values: object) {
  return {
    repository,
    chart,
    version,
    values: [escapeTerraform(toYaml(values))],
    wait: true,
    upgradeInstall: true, // takes over the release of an interrupted apply
    maxHistory: 3,
  };
}

function treeOptions({ repository, path, namespace }: ArgoCdDeliveryProps, contributions: Contributions): TreeOptions {
  const { chartRepositories, existingNamespaces } = contributions;
  return { repository, path, chartRepositories, existingNamespaces, ...(namespace !== undefined && { namespace }) };
}

function rootOptions(
  { repository, revision, path }: ArgoCdDeliveryProps,
  namespace: string,
  { existingNamespaces }: Contributions,
): RootOptions {
  return { repository, revision, path, namespace, existingNamespaces };
}
