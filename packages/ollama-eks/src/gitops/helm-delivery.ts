// https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release
import { checkProps, listOf, OBJECT, required, type Shape, TEXT } from '../check-props';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../framework';
import { helm, type Release } from '../providers/helm';
import { StackFile } from '../stack-file';
import { toYaml } from '../yaml';
import type { Application, IApplicationSource } from './application';
import { contributionsOf, lateContributions } from './contributions';
import { downloadsOf } from './downloads';
import { DOWNLOADS } from './downloads-file';
import { GeneratedAsset } from './generated-asset';
import { NamespacesAndSecrets } from './namespaces-and-secrets';
import { hasHooks } from './manifests';
import { MIRRORS, type Mirrors } from './mirrors';
import { byWave } from './order';
import { releaseChart } from './release-chart';
import { contentRevision } from './revision-record';
import { escapeTerraform } from './templates';

/** Props of `HelmDelivery`. */
export interface HelmDeliveryProps {
  /** Sources of Applications. Pass them when they are complete: a later contribution is an error at synth. */
  readonly sources: readonly IApplicationSource[];
  /**
   * Existing namespaces that Applications use, in addition to those that the sources list.
   * @default - none
   */
  readonly existingNamespaces?: readonly string[];
  /**
   * Registries that all charts and images are downloaded from instead of public ones. Charts are downloaded where Terraform
   * runs, and images by the nodes.
   * A change updates the charts that move, and restarts the pods whose images move, servers included.
   * @default - charts and images from the registries that publish them
   */
  readonly mirrors?: Mirrors;
  /** @default - the stack's */
  readonly helmProvider?: TerraformProvider;
  /** @default - the stack's */
  readonly kubernetesProvider?: TerraformProvider;
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<HelmDeliveryProps> = {
  sources: required(listOf(OBJECT)),
  existingNamespaces: listOf(TEXT),
  mirrors: MIRRORS,
  helmProvider: OBJECT,
  kubernetesProvider: OBJECT,
};

/**
 * Deploys Applications with Terraform alone: one Helm release each, wave by wave, waiting for each wave; `destroy` runs in
 * reverse order. Objects marked to be kept (`cascade: false`, `Prune=false`, `Delete=false`) stay; a published chart must
 * keep its own with `helm.sh/resource-policy`. At `destroy`, kept objects are deleted with their namespace, including
 * volumes of models.
 *
 * Hooks run again at each `apply` that changes any Application. After a failure they also run again at an `apply` that
 * changes nothing: the provider plans to upgrade a release that is not deployed
 * (https://github.com/hashicorp/terraform-provider-helm/blob/main/helm/resource_helm_release.go, ModifyPlan).
 *
 * Requires the providers `helm` and `kubernetes` in its stack.
 */
export class HelmDelivery extends Construct {
  /** Applications that are deployed, after all checks. */
  public readonly applications: readonly Application[];
  /** Namespaces of the Applications, and Secrets. */
  public readonly prerequisites: NamespacesAndSecrets;
  /** The release of each Application, keyed by name. */
  public readonly releases: ReadonlyMap<string, Release>;
  /** Changes when any Application does, so that hooks, such as the proof that models answer, run again. */
  private readonly revision: string;

  public constructor(scope: Construct, id: string, props: HelmDeliveryProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    const contributions = contributionsOf(props);
    this.applications = contributions.applications;
    this.node.addValidation({ validate: () => lateContributions(props.sources, contributions) });

    StackFile.add(this, DOWNLOADS, downloadsOf(contributions.published, props.mirrors));

    this.prerequisites = new NamespacesAndSecrets(this, 'prerequisites', {
      contributions,
      namespaces: 'all',
      provider: props.kubernetesProvider,
    });
    this.revision = contentRevision(this.applications);
    const releases = new Map<string, Release>();
    let before: readonly ITerraformDependable[] = this.prerequisites.ready;
    for (const { applications } of byWave(this.applications)) {
      const wave = applications.map((application) => this.addRelease(application, before, props.helmProvider));
      applications.forEach(({ name }, index) => releases.set(name, wave[index] as Release));
      before = wave;
    }
    this.releases = releases;
  }

  private addRelease(
    application: Application,
    before: readonly ITerraformDependable[],
    provider?: TerraformProvider,
  ): Release {
    const { name, namespace, healthGate } = application;
    const wait = healthGate.waitForHealth ?? true;
    return new helm.Release(this, name, {
      ...this.chartOf(application),
      namespace: namespace.name,
      createNamespace: false,
      wait,
      waitForJobs: wait,
      timeout: healthGate.timeoutSeconds,
      upgradeInstall: true, // takes over the release of an interrupted apply
      cleanupOnFail: true,
      maxHistory: 3,
      dependsOn: [...before],
      provider,
    });
  }

  private chartOf(application: Application) {
    const { name, source } = application;
    if (source.kind === 'chart') {
      const { repository, chart, version, releaseName = name, values } = source;
      return { name: releaseName, repository, chart, version, values: [escapeTerraform(toYaml(values))] };
    }
    const asset = new GeneratedAsset(this, `chart-${name}`, releaseChart(application));
    const chart = `\${path.module}/${asset.path}`;
    return { name, chart, ...(hasHooks(application) && { values: [toYaml({ revision: this.revision })] }) };
  }
}
