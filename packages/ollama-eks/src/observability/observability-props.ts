/** Metrics of the installation: what is scraped, drawn and alerted about. */
export interface ObservabilityProps {
  /**
   * Who collects the metrics. `existing`: a Prometheus in the cluster that the Prometheus operator runs, such as that of the chart
   * kube-prometheus-stack. It gets PodMonitors, rules and dashboards, and nothing that stores or draws is installed. The
   * operator's definitions must exist before the first sync.
   */
  readonly metrics: (typeof METRICS_COLLECTORS)[number];
  /** The existing Prometheus. */
  readonly prometheus: PrometheusReference;
}

/** Supported collectors. */
export const METRICS_COLLECTORS = ['existing'] as const;

/**
 * A Prometheus that the Prometheus operator runs. Its namespace must have the label `istio.io/dataplane-mode: ambient`, because
 * servers accept only callers in the mesh, and a PeerAuthentication with the mode `PERMISSIVE`, so that the namespace itself accepts
 * what it accepted before.
 */
export interface PrometheusReference {
  /** Namespace of its pods. A change admits the new one and refuses the old one at once. */
  readonly namespace: string;
  /** Its ServiceAccount: the identity that the mesh admits. Changed like `namespace`. */
  readonly serviceAccount: string;
  /**
   * Labels by which it selects PodMonitors and rules, such as `{ release: 'kube-prometheus-stack' }`. Changed in place.
   * @default - none: it selects all
   */
  readonly labels?: Readonly<Record<string, string>>;
}
