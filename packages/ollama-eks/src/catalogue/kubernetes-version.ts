/** A Kubernetes minor version of EKS. */
export declare class KubernetesVersion {
  public static readonly V1_34: KubernetesVersion;
  public static readonly V1_35: KubernetesVersion;
  public static readonly V1_36: KubernetesVersion;
  /** Version that a cluster gets when none is named. */
  public static readonly DEFAULT: KubernetesVersion;
  /** A version that isn't listed. */
  public static of(version: string): KubernetesVersion;
  /** `1.35`. */
  public readonly version: string;
  /** Last day of standard support as `YYYY-MM-DD`; undefined where it isn't known. */
  public readonly endOfStandardSupport?: string;
}
