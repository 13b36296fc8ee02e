// https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/state.go (CompareAppState)
import { CHARTS, type PublishedChart } from '../catalogue/chart-versions';

/** A project that Applications belong to. */
export type MemberProject = 'platform' | 'workload';

/** Permissions of a project, independent of what is currently deployed. */
export interface ProjectScope {
  /** All kinds that this library can render in the project, as `group/Kind`. */
  readonly kinds: readonly string[];
  /** All namespaces that this library can deploy to in the project. */
  readonly namespaces: readonly string[];
  /** Those of `namespaces` that an Application of the project owns. */
  readonly ownNamespaces: readonly string[];
}

/**
 * Permissions of a project do not depend on what is deployed: Argo CD ignores a live object that its project does not
 * permit, so an object that is removed together with its permission is neither pruned nor shown as out of sync. (A second
 * server replaces the Deployment with a StatefulSet; the Deployment would stay, with its GPU, behind the Service.)
 */
export const PROJECT_SCOPES: Readonly<Record<MemberProject, ProjectScope>> = {
  platform: {
    kinds: [
      ...Object.values<PublishedChart>(CHARTS).flatMap(({ kinds }) => kinds),
      'ServiceAccount',
      'apiextensions.k8s.io/CustomResourceDefinition',
      'networking.k8s.io/NetworkPolicy',
      'scheduling.k8s.io/PriorityClass',
      'security.istio.io/AuthorizationPolicy',
      'security.istio.io/PeerAuthentication',
      'storage.k8s.io/StorageClass',
      'storage.k8s.io/VolumeAttributesClass',
    ],
    namespaces: ['istio-system', 'kube-system', 'ollama', 'ollama-monitoring'],
    ownNamespaces: ['istio-system', 'ollama', 'ollama-monitoring'],
  },
  workload: {
    kinds: [
      'ConfigMap',
      'PersistentVolumeClaim',
      'Service',
      'apps/DaemonSet',
      'apps/Deployment',
      'apps/StatefulSet',
      'autoscaling/HorizontalPodAutoscaler',
      'batch/Job',
      'elbv2.k8s.aws/TargetGroupBinding',
      'gateway.networking.k8s.io/Gateway',
      'gateway.networking.k8s.io/HTTPRoute',
      'monitoring.coreos.com/PodMonitor',
      'monitoring.coreos.com/PrometheusRule',
      'networking.istio.io/DestinationRule',
      'networking.istio.io/EnvoyFilter',
      'networking.k8s.io/NetworkPolicy',
      'policy/PodDisruptionBudget',
      'security.istio.io/AuthorizationPolicy',
      'security.istio.io/RequestAuthentication',
    ],
    namespaces: ['istio-ingress', 'ollama'],
    ownNamespaces: ['istio-ingress'],
  },
};
