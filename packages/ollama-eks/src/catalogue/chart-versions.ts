import { ISTIO_CHART_REPOSITORY, ISTIO_MINORS } from './istio-versions';
import { type ChartPin, PINS } from './pins';
import type { Source } from './source';

/** A published Helm chart at the newest version that is known to work. */
export interface PublishedChart {
  /** URL of a Helm repository, `https://…` or `oci://…`. */
  readonly repository: string;
  readonly chart: string;
  /** Exact version. */
  readonly version: string;
  /**
   * Kinds of the objects that the chart's templates can render, as `group/Kind`: those that its Argo CD project allows.
   * Empty for charts that Terraform installs.
   */
  readonly kinds: readonly string[];
  /** Where the version and the kinds were read. */
  readonly source: Source;
}

const pinnedChart = ({ releases, version, source }: ChartPin, kinds: readonly string[]): PublishedChart => ({
  repository: releases.repository,
  chart: releases.chart,
  version,
  kinds,
  source,
});

const ISTIO_SOURCE: Source = {
  ...PINS.istio.source,
  title: `istio/istio 1.31.0-rc.0, manifests/charts; newest patch: ${PINS.istio.source.title}`,
};
const istioChart = (chart: string, kinds: readonly string[]): PublishedChart => ({
  repository: ISTIO_CHART_REPOSITORY,
  chart,
  version: ISTIO_MINORS[0].newest,
  kinds,
  source: ISTIO_SOURCE,
});

/** Charts that this library deploys. */
export const CHARTS = {
  argoCd: pinnedChart(PINS.argoCd, []),
  argoCdApps: pinnedChart(PINS.argoCdApps, []),
  awsLoadBalancerController: pinnedChart(PINS.awsLoadBalancerController, [
    'Secret',
    'Service',
    'ServiceAccount',
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'apiextensions.k8s.io/CustomResourceDefinition',
    'apps/Deployment',
    'autoscaling/HorizontalPodAutoscaler',
    'elbv2.k8s.aws/IngressClassParams',
    'networking.k8s.io/IngressClass',
    'policy/PodDisruptionBudget',
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
    'rbac.authorization.k8s.io/Role',
    'rbac.authorization.k8s.io/RoleBinding',
  ]),
  nvidiaDevicePlugin: pinnedChart(PINS.nvidiaDevicePlugin, [
    'ConfigMap',
    'ServiceAccount',
    'apps/DaemonSet',
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
  ]),
  istioBase: istioChart('base', [
    'ServiceAccount',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'apiextensions.k8s.io/CustomResourceDefinition',
  ]),
  istiod: istioChart('istiod', [
    'ConfigMap',
    'Service',
    'ServiceAccount',
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'apps/Deployment',
    'autoscaling/HorizontalPodAutoscaler',
    'networking.k8s.io/NetworkPolicy',
    'policy/PodDisruptionBudget',
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
    'rbac.authorization.k8s.io/Role',
    'rbac.authorization.k8s.io/RoleBinding',
  ]),
  istioCni: istioChart('cni', [
    'ConfigMap',
    'ResourceQuota',
    'ServiceAccount',
    'apps/DaemonSet',
    'networking.k8s.io/NetworkPolicy',
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
  ]),
  ztunnel: istioChart('ztunnel', [
    'ResourceQuota',
    'ServiceAccount',
    'apps/DaemonSet',
    'networking.k8s.io/NetworkPolicy',
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
  ]),
  prometheusOperatorCrds: pinnedChart(PINS.prometheusOperatorCrds, ['apiextensions.k8s.io/CustomResourceDefinition']),
  // What it renders with the values that this library sets: without webhooks, without exporters of nodes.
  kubePrometheusStack: pinnedChart(PINS.kubePrometheusStack, [
    'ConfigMap',
    'Secret',
    'Service',
    'ServiceAccount',
    'apps/Deployment',
    'monitoring.coreos.com/Alertmanager',
    'monitoring.coreos.com/Prometheus',
    'monitoring.coreos.com/ServiceMonitor',
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
    'rbac.authorization.k8s.io/Role',
    'rbac.authorization.k8s.io/RoleBinding',
  ]),
} as const satisfies Record<string, PublishedChart>;

/** Returns the catalogue's entry for a chart by its name, which is the same in every mirror. */
export function publishedChart(chart: string): PublishedChart | undefined {
  return Object.values<PublishedChart>(CHARTS).find((entry) => entry.chart === chart);
}
