import type { Json } from '../../gitops/application';

/** One EKS add-on. */
export interface AddOnOptions {
  /** Exact version: `v1.22.4-eksbuild.3`. @default - pinned for the Kubernetes version, or EKS's default for it */
  readonly version?: string;
  /**
   * Configuration values; each top-level key replaces ours.
   * Shape: `aws eks describe-addon-configuration`.
   * @default - ours alone
   */
  readonly configuration?: Readonly<Record<string, Json>>;
}

/** The add-ons of the cluster. */
export interface AddOnsProps {
  /** Amazon VPC CNI, with network policy and prefix delegation. @default - pinned */
  readonly vpcCni?: AddOnOptions;
  /** @default - pinned */
  readonly kubeProxy?: AddOnOptions;
  /** @default - pinned */
  readonly coreDns?: AddOnOptions;
  /** @default - pinned */
  readonly podIdentityAgent?: AddOnOptions;
  /** @default - pinned */
  readonly ebsCsiDriver?: AddOnOptions;
  /** @default - pinned */
  readonly metricsServer?: AddOnOptions;
  /** @default - EKS's default for the Kubernetes version */
  readonly nodeMonitoringAgent?: AddOnOptions;
}
