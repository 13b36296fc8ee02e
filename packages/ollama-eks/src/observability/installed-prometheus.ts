import type { InstalledPrometheusProps, ObservabilityProps } from './observability-props';

/** A Prometheus to install, with every default filled in. */
export type InstalledPrometheus = Required<InstalledPrometheusProps>;

/** Fills in the defaults of a Prometheus to install. */
export function installedPrometheus(props: InstalledPrometheusProps): InstalledPrometheus {
  const { metrics, storageGiB = 20, retentionDays = 15, grafana = true } = props;
  return { metrics, storageGiB, retentionDays, grafana };
}

/** Returns the size of the volume of metrics in GiB; undefined if nothing is stored on one. */
export function metricsVolumeGiB(props: ObservabilityProps | undefined): number | undefined {
  return props?.metrics === 'prometheus' ? installedPrometheus(props).storageGiB : undefined;
}
