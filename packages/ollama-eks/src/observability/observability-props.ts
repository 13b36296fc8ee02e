/** Metrics of the installation: what is scraped, drawn and alerted about. */
export type ObservabilityProps = InstalledPrometheusProps | ExistingPrometheusProps | ManagedPrometheusProps;

/**
 * Installs the chart kube-prometheus-stack on the system nodes, in the namespace `ollama-monitoring`: Prometheus with its operator,
 * Alertmanager, kube-state-metrics, and Grafana with the dashboards. The operator's definitions must not exist yet; with an
 * operator in the cluster, use `existing`.
 */
export interface InstalledPrometheusProps {
  /** `prometheus`. A change of the collector restarts servers and gateways; metrics stay where they were collected. */
  readonly metrics: 'prometheus';
  /**
   * Size of the volume of Prometheus in GiB, 10–1000. When nine tenths are used, the oldest metrics are deleted. A change replaces the
   * volume: its metrics are lost.
   * @default 20
   */
  readonly storageGiB?: number;
  /** How long metrics are kept, in days, 1–400. Changed in place. @default 15 */
  readonly retentionDays?: number;
  /**
   * Whether to install Grafana. It has no users: everyone who may forward a port to its pod sees the dashboards and changes none.
   * `false` if your own Grafana reads from this Prometheus. Changed in place.
   * @default true
   */
  readonly grafana?: boolean;
}

/**
 * Uses a Prometheus in the cluster that the Prometheus operator runs, such as that of the chart kube-prometheus-stack. It gets
 * PodMonitors, rules and dashboards, and nothing that stores or draws is installed. The operator's definitions must exist before the
 * first sync.
 */
export interface ExistingPrometheusProps {
  /** `existing`. A change of the collector restarts servers and gateways; metrics stay where they were collected. */
  readonly metrics: 'existing';
  /** The existing Prometheus. */
  readonly prometheus: PrometheusReference;
}

/**
 * Creates a workspace of Amazon Managed Service for Prometheus, with a collector that AWS runs, and the rules and alerts. Nothing that
 * collects or stores runs in the cluster. The collector is outside of the mesh: it reads the metrics in cleartext, and from its
 * subnets only.
 */
export interface ManagedPrometheusProps {
  /** `amp`. A change of the collector restarts servers and gateways; metrics of the workspace are lost with it. */
  readonly metrics: 'amp';
  /**
   * Subnets of the collector's network interfaces, in the VPC of the cluster and in at least two zones. Whatever else is in them can
   * read the metrics, so subnets of their own, /28 each, are the narrowest choice. A change replaces the collector: metrics have a gap
   * of minutes.
   * @default - the private subnets of the network, which must be within `vpcCidr`; then anything in the VPC can read the metrics
   */
  readonly subnets?: readonly CollectorSubnet[];
  /**
   * ARN of the standard SNS topic that alerts are sent to, in the region of the cluster; may be a token. Its policy must allow
   * `aps.amazonaws.com` to publish. Changed in place.
   * @default - none: alerts are in the workspace, and notify nobody
   */
  readonly alertTopicArn?: string;
}

/** A subnet with a network interface of the collector. */
export interface CollectorSubnet {
  /** Its id; may be a token. */
  readonly subnetId: string;
  /** Its IPv4 range, known at synth: `10.0.240.128/28`. */
  readonly cidr: string;
}

/** Supported collectors. */
export const METRICS_COLLECTORS = ['prometheus', 'existing', 'amp'] as const;

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
