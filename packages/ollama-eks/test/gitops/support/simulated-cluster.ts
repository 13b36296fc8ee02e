/**
 * The parts of a cluster that waves depend on: its objects and their health, according to Argo CD's built-in checks
 * (gitops-engine/pkg/health, resource_customizations).
 */
import type { Application, Manifest } from '../../../src/gitops/application';
import { kindOf } from '../../../src/catalogue/kubernetes-kinds';
import { IGNORE_HEALTH, isHook, namespaceOf } from '../../../src/gitops/manifests';
import { definitionHealth, type HealthChecks } from './health-checks';

/** Health in Argo CD; undefined for kinds without a check. */
export type Health = 'Healthy' | 'Progressing' | 'Degraded' | undefined;

/** State of the world outside Git. */
export interface World {
  /** GPUs of the nodes that are up. */
  gpus: number;
  /** Whether models can be pulled, and answer. */
  modelsLoad: boolean;
  /** Secrets with certificates, as `namespace/name`. */
  readonly tlsSecrets: Set<string>;
  /** Applications whose source cannot be read, such as a chart that does not exist. */
  readonly unreadable: Set<string>;
}

/** Desired state of an Application. */
export interface Desired {
  readonly application: Application;
  /** Content of its objects except hooks, keyed by identity. */
  readonly kept: ReadonlyMap<string, string>;
}

/** An object in the cluster. */
export interface LiveObject {
  readonly id: string;
  readonly kind: string;
  /** Name of the Application that applied it. */
  readonly owner: string;
  readonly manifest?: Manifest;
  readonly chart?: string;
  /** GPUs that one of its pods requests. */
  readonly gpus: number;
  /** Claims that its pods mount. */
  readonly claims: readonly string[];
  content: string;
  /** Time of creation or last change, in seconds. */
  since: number;
  deleting: boolean;
}

/** Durations in seconds, roughly as in a cluster. */
const POD_SECONDS = 40;
/** Time to establish a definition, and until Argo CD notices: the API server alone takes about five seconds. */
const DEFINITION_SECONDS = 30;
const NODE_JOB_SECONDS = 60;
const MODEL_SECONDS = 300;
const PROGRESS_DEADLINE = 1800;
const JOB_DEADLINE = 1200;

const DEFINITION = 'apiextensions.k8s.io/CustomResourceDefinition';

/** Charts that define the kinds of a group. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  'istio.io': 'base',
  'gateway.networking.k8s.io': 'gateway-api-crds',
  'elbv2.k8s.aws': 'aws-load-balancer-controller',
};

interface PodTemplate {
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName?: string } }[];
  };
}

interface Container {
  readonly resources?: { readonly limits?: Readonly<Record<string, unknown>> };
}

interface Workload extends Manifest {
  readonly spec?: {
    readonly template?: PodTemplate;
    readonly listeners?: readonly {
      readonly tls?: { readonly certificateRefs?: readonly { readonly name: string }[] };
    }[];
  };
}

export class SimulatedCluster {
  public now = 0;
  public readonly objects = new Map<string, LiveObject>();
  private readonly owned = new Map<string, readonly LiveObject[]>();
  private readonly synced = new Map<Desired, boolean>();
  public readonly namespaces = new Set(['default', 'kube-system', 'argocd']);

  public constructor(
    public readonly world: World,
    private readonly checks: HealthChecks,
  ) {}

  /** Reason why an object cannot be applied; undefined if it can. */
  public refusal(manifest: Manifest, application: Application): string | undefined {
    const namespace = namespaceOf(manifest, application);
    if (namespace !== undefined && !this.namespaces.has(namespace)) {
      return `namespace ${namespace} not found`;
    }
    const kind = kindOf(manifest);
    const [group = ''] = kind.includes('/') ? kind.split('/') : [''];
    const suffix = Object.keys(DEFINITIONS).find((known) => group === known || group.endsWith(`.${known}`));
    if (suffix !== undefined && !this.hasChart(DEFINITIONS[suffix] as string)) {
      return `no matches for kind ${kind}`;
    }
    // istiod's webhook validates its own kinds.
    return suffix === 'istio.io' && !this.chartIsHealthy('istiod') ? 'webhook of istiod: no endpoints' : undefined;
  }

  /** Compares an Application with its objects; hooks are not compared. */
  public syncOf(desired: Desired): 'Synced' | 'OutOfSync' | 'Unknown' {
    const { application, kept } = desired;
    if (this.world.unreadable.has(application.name)) return 'Unknown';
    const synced =
      this.synced.get(desired) ?? [...kept].every(([id, content]) => this.objects.get(id)?.content === content);
    this.synced.set(desired, synced);
    return synced ? 'Synced' : 'OutOfSync';
  }

  /** Health of an Application: the worst of its objects. */
  public healthOf(application: Application): string {
    const own = this.ownedBy(application.name);
    const counted = own.filter(
      ({ manifest }) => !manifest || !(isHook(manifest) || manifest.metadata.annotations?.[IGNORE_HEALTH] === 'true'),
    );
    const healths = counted.map((object) => this.health(object));
    const worst = ['Degraded', 'Progressing'].find((health) => healths.includes(health as 'Degraded'));
    return worst ?? (own.length === 0 ? 'Missing' : 'Healthy');
  }

  public apply(application: Application, manifest: Manifest): void {
    const content = JSON.stringify(manifest);
    this.put({
      id: objectId(application, manifest),
      kind: kindOf(manifest),
      owner: application.name,
      manifest,
      content,
    });
  }

  public applyChart(application: Application, chart: string): void {
    const content = JSON.stringify(application.source);
    this.put({ id: `chart ${application.name}`, kind: 'apps/DaemonSet', owner: application.name, chart, content });
    if (application.source.kind === 'chart' && application.source.kinds?.includes(DEFINITION) === true)
      this.put({
        id: `definitions of ${application.name}`,
        kind: DEFINITION,
        owner: application.name,
        content: '', // an established definition stays so when it is updated
      });
  }

  public remove(id: string): void {
    this.objects.delete(id);
    this.forget();
  }

  /** The objects that an Application has applied. */
  public ownedBy(application: string): readonly LiveObject[] {
    const known = this.owned.get(application) ?? this.all().filter(({ owner }) => owner === application);
    this.owned.set(application, known);
    return known;
  }

  public all(): readonly LiveObject[] {
    return [...this.objects.values()];
  }

  public health(object: LiveObject): Health {
    const age = this.now - object.since;
    switch (object.kind) {
      case 'apps/DaemonSet':
        return age >= POD_SECONDS ? 'Healthy' : 'Progressing';
      case 'apps/Deployment':
      case 'apps/StatefulSet':
        return this.workloadHealth(object, age);
      case 'batch/Job':
        return this.jobHealth(age);
      case 'PersistentVolumeClaim':
        return this.isMounted(object) ? 'Healthy' : 'Progressing';
      case 'autoscaling/HorizontalPodAutoscaler':
        return this.world.gpus > 0 ? 'Healthy' : 'Degraded'; // no pods, no metrics
      case DEFINITION:
        return this.definitionHealth(age);
      case 'gateway.networking.k8s.io/Gateway':
        return this.gatewayHealth(object, age);
      default:
        return undefined;
    }
  }

  /** Advances deletions: removes objects that nothing holds back. */
  public collectDeleted(): void {
    for (const object of this.all().filter(({ deleting }) => deleting)) {
      // The controller that added the finalizer of a TargetGroupBinding removes it.
      const held = object.kind === 'elbv2.k8s.aws/TargetGroupBinding' && !this.hasChart('aws-load-balancer-controller');
      const mounted = object.kind === 'PersistentVolumeClaim' && this.isMounted(object);
      if (!held && !mounted) {
        this.remove(object.id);
      }
    }
  }

  private put(object: Omit<LiveObject, 'since' | 'deleting' | 'gpus' | 'claims'>): void {
    const before = this.objects.get(object.id);
    const since = before?.content === object.content ? before.since : this.now;
    const { gpus, claims } = podNeeds(object.manifest);
    this.objects.set(object.id, { ...object, gpus, claims, since, deleting: false });
    this.forget();
  }

  /** Forgets what was derived from the objects. */
  private forget(): void {
    this.owned.clear();
    this.synced.clear();
  }

  private definitionHealth(age: number): Health {
    const established =
      age >= DEFINITION_SECONDS
        ? { type: 'Established', status: 'True' }
        : { type: 'Established', status: 'False', reason: 'Installing' };
    const status = { conditions: [{ type: 'NamesAccepted', status: 'True' }, established] };
    return definitionHealth(this.checks, { metadata: {}, status }).status as Health;
  }

  private hasChart(chart: string): boolean {
    return this.all().some((object) => object.chart === chart);
  }

  private chartIsHealthy(chart: string): boolean {
    return this.all().some((object) => object.chart === chart && this.health(object) === 'Healthy');
  }

  private workloadHealth(object: LiveObject, age: number): Health {
    const { gpus } = object;
    if (gpus === 0) {
      return age >= POD_SECONDS ? 'Healthy' : 'Progressing';
    }
    const up = this.world.gpus >= gpus && this.world.modelsLoad && age >= MODEL_SECONDS;
    return up ? 'Healthy' : age > PROGRESS_DEADLINE ? 'Degraded' : 'Progressing';
  }

  /** Health of the proof of the servers: passes without servers, fails if one does not answer in time. */
  private jobHealth(age: number): Health {
    const servers = this.all().filter(({ gpus }) => gpus > 0);
    const running = servers.filter((server) => this.world.gpus >= server.gpus);
    const proven = running.every((server) => this.health(server) === 'Healthy');
    if (proven && age >= NODE_JOB_SECONDS) {
      return 'Healthy';
    }
    return age > JOB_DEADLINE ? 'Degraded' : 'Progressing';
  }

  private isMounted({ manifest }: LiveObject): boolean {
    const name = manifest?.metadata.name ?? '';
    return this.all().some(
      ({ deleting, gpus, claims }) => !deleting && this.world.gpus >= gpus && claims.includes(name),
    );
  }

  private gatewayHealth({ manifest }: LiveObject, age: number): Health {
    const listeners = (manifest as Workload).spec?.listeners ?? [];
    const names = listeners.flatMap(({ tls }) => tls?.certificateRefs?.map(({ name }) => name) ?? []);
    const missing = names.filter((name) => !this.world.tlsSecrets.has(`${manifest?.metadata.namespace}/${name}`));
    if (missing.length > 0) {
      return 'Degraded'; // listener condition ResolvedRefs=False
    }
    return age >= POD_SECONDS && this.chartIsHealthy('istiod') ? 'Healthy' : 'Progressing';
  }
}

/** Identity of an object in the cluster. */
export function objectId(application: Application, manifest: Manifest): string {
  return `${kindOf(manifest)} ${namespaceOf(manifest, application) ?? ''}/${manifest.metadata.name}`;
}

/** Returns the requests of a workload's pods. */
function podNeeds(workload: Workload | undefined): { readonly gpus: number; readonly claims: readonly string[] } {
  const { containers = [], initContainers = [], volumes = [] } = workload?.spec?.template?.spec ?? {};
  const limits = [...containers, ...initContainers].map(({ resources }) =>
    Number(resources?.limits?.['nvidia.com/gpu'] ?? 0),
  );
  const claims = volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  return { gpus: Math.max(0, ...limits), claims };
}
