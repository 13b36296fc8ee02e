// https://github.com/prometheus-community/helm-charts/blob/kube-prometheus-stack-88.5.3/charts/kube-prometheus-stack/values.yaml
import type { ChartSource } from '../gitops/application';
import { MONITORING_REQUESTS } from '../sizing/telemetry-requests';
import { MONITORING, OLLAMA } from '../workload/names';
import { DASHBOARDS } from './dashboards';
import type { InstalledPrometheus } from './installed-prometheus';

type Values = ChartSource['values'];

/** Share of the volume above which the oldest metrics are deleted, so that it is never full. */
const USED_SHARE = 0.9;
/** Folder of Grafana's container in which each ConfigMap of a dashboard is mounted. */
const DASHBOARDS_PATH = '/var/lib/grafana/dashboards';
/** Service that the chart creates for Prometheus. */
const PROMETHEUS_URL = `http://${MONITORING}-prometheus:9090`;

const OFF: Values = { enabled: false };

/**
 * Returns the values of the chart. Only the endpoint is scraped: no node, no control plane. No webhook calls the namespace from
 * outside of the mesh, and nothing that the chart renders is random, so no sync finds a difference.
 */
export function prometheusStackValues({ storageGiB, retentionDays, grafana }: InstalledPrometheus): Values {
  return {
    fullnameOverride: MONITORING,
    crds: OFF, // the chart prometheus-operator-crds, whose definitions are upgraded with it
    defaultRules: { create: false },
    nodeExporter: OFF,
    kubernetesServiceMonitors: OFF,
    prometheusOperator: {
      admissionWebhooks: OFF,
      tls: OFF, // only webhooks use it
      kubeletService: OFF,
      kubeletEndpointsEnabled: false,
      namespaces: { releaseNamespace: true, additional: [OLLAMA] },
      serviceMonitor: { selfMonitor: false },
      resources: resources('operator'),
    },
    prometheus: {
      serviceMonitor: { selfMonitor: false },
      prometheusSpec: {
        podMonitorSelectorNilUsesHelmValues: false,
        serviceMonitorSelectorNilUsesHelmValues: false,
        ruleSelectorNilUsesHelmValues: false,
        retention: `${retentionDays}d`,
        retentionSize: `${Math.floor(storageGiB * 1024 * USED_SHARE)}MiB`,
        // Otherwise nothing would ever delete the volume.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
        storageSpec: {
          volumeClaimTemplate: {
            spec: {
              storageClassName: MONITORING,
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: `${storageGiB}Gi` } },
            },
          },
        },
        resources: resources('prometheus'),
      },
    },
    alertmanager: {
      serviceMonitor: { selfMonitor: false },
      alertmanagerSpec: {
        // The default sends only alerts with the label `namespace` of a configuration; ours have none.
        alertmanagerConfigMatcherStrategy: { type: 'None' },
        resources: resources('alertmanager'),
      },
    },
    'kube-state-metrics': {
      collectors: ['pods'],
      namespaces: OLLAMA,
      rbac: { useClusterRole: false },
      resources: resources('kubeStateMetrics'),
    },
    grafana: grafana ? grafanaValues() : OFF,
  };
}

/** Without users, passwords and rights in the cluster: its only clients are those who may forward a port to its pod. */
function grafanaValues(): Values {
  return {
    env: { GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true' },
    'grafana.ini': {
      analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
      auth: { disable_login_form: true },
      'auth.anonymous': { enabled: true, org_role: 'Viewer' },
    },
    rbac: { create: false },
    automountServiceAccountToken: false,
    testFramework: OFF,
    serviceMonitor: OFF,
    defaultDashboardsEnabled: false,
    // The sidecars would read ConfigMaps and Secrets of all namespaces.
    sidecar: { dashboards: OFF, datasources: OFF },
    datasources: {
      'datasources.yaml': {
        apiVersion: 1,
        datasources: [
          {
            name: 'Prometheus',
            uid: 'prometheus',
            type: 'prometheus',
            access: 'proxy',
            url: PROMETHEUS_URL,
            isDefault: true,
          },
        ],
      },
    },
    dashboardProviders: {
      'providers.yaml': {
        apiVersion: 1,
        providers: [
          { name: 'ollama', folder: 'Ollama', type: 'file', disableDeletion: true, options: { path: DASHBOARDS_PATH } },
        ],
      },
    },
    dashboardsConfigMaps: Object.fromEntries(DASHBOARDS.map(({ uid }) => [uid, uid])),
    resources: resources('grafana'),
  };
}

function resources(part: keyof typeof MONITORING_REQUESTS): Values {
  const { cpuMillis, memoryMiB, limitMiB } = MONITORING_REQUESTS[part];
  return { requests: { cpu: `${cpuMillis}m`, memory: `${memoryMiB}Mi` }, limits: { memory: `${limitMiB}Mi` } };
}
