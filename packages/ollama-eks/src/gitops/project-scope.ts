// https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/state.go (CompareAppState)
import { CHARTS, type PublishedChart } from '../catalogue/chart-versions';

/** A project that Applications live in. */
export type MemberProject = 'platform' | 'workload';

/** What a project has to permit whatever is deployed at the moment. */
export interface ProjectScope {
  /** Kinds of which this library ever renders objects there, as `group/Kind`. */
  readonly kinds: readonly string[];
  /** Namespaces that this library ever deploys to there. */
  readonly namespaces: readonly string[];
  /** Those of them that an Application of the project owns. */
  readonly ownNamespaces: readonly string[];
}

/**
 * What a project permits does not depend on what is deployed: Argo CD takes no notice of a live object that its project
 * doesn't permit, so what goes away in the same change as its permission is neither pruned nor shown out of sync. (A
 * second server replaces the Deployment by a StatefulSet; the Deployment would stay, with its GPU, behind the Service.)
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
    namespaces: ['istio-system', 'kube-system', 'ollama'],
    ownNamespaces: ['istio-system', 'ollama'],
  },
  workload: {
    kinds: [
      'ConfigMap',
      'PersistentVolumeClaim',
      'Service',
      'apps/Deployment',
      'apps/StatefulSet',
      'autoscaling/HorizontalPodAutoscaler',
      'batch/Job',
      'elbv2.k8s.aws/TargetGroupBinding',
      'gateway.networking.k8s.io/Gateway',
      'gateway.networking.k8s.io/HTTPRoute',
      'networking.istio.io/DestinationRule',
      'networking.k8s.io/NetworkPolicy',
      'policy/PodDisruptionBudget',
      'security.istio.io/AuthorizationPolicy',
    ],
    namespaces: ['istio-ingress', 'ollama'],
    ownNamespaces: ['istio-ingress'],
  },
};
