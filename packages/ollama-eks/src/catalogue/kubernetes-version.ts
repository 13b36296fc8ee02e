/** Dates: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar (read on 2026-11-23) */
import { ValidationError } from '../errors';

const MINOR_VERSION = /^1\.[1-9][0-9]?$/;

/**
 * A Kubernetes minor version of EKS. A new one is allowed here once the add-on and chart versions that go with it are known.
 */
export class KubernetesVersion {
  /** In standard support until 2026-12-02. */
  public static readonly V1_34 = new KubernetesVersion('1.34', '2026-12-02');
  /** In standard support until 2027-03-27. */
  public static readonly V1_35 = new KubernetesVersion('1.35', '2027-03-27');
  /** In standard support; the last day had not been published when this was written. */
  public static readonly V1_36 = new KubernetesVersion('1.36');

  /** The listed versions, oldest first. */
  public static readonly LISTED: readonly KubernetesVersion[] = [
    KubernetesVersion.V1_34,
    KubernetesVersion.V1_35,
    KubernetesVersion.V1_36,
  ];

  /** The version that a cluster gets when none is named. */
  public static readonly DEFAULT = KubernetesVersion.V1_35;

  /**
   * The version of that number, listed or not. For one that isn't listed give the versions of the add-ons too.
   * @throws ValidationError for anything but a minor version such as `1.37`
   */
  public static of(version: string): KubernetesVersion {
    if (!MINOR_VERSION.test(version)) {
      throw new ValidationError({
        property: 'kubernetesVersion',
        value: version,
        problem: 'is not a minor version of Kubernetes',
        allowed: '1 and a minor number, such as 1.35, known at synth',
        remedy: 'leave out the patch number; EKS chooses it',
      });
    }
    return KubernetesVersion.LISTED.find((listed) => listed.version === version) ?? new KubernetesVersion(version);
  }

  private constructor(
    /** `1.35`. */
    public readonly version: string,
    /** Last day of standard support as `YYYY-MM-DD`; undefined where it isn't known. */
    public readonly endOfStandardSupport?: string,
  ) {}

  /** Whether its add-on and chart versions are known here. */
  public get listed(): boolean {
    return KubernetesVersion.LISTED.includes(this);
  }

  /** `1.35`. */
  public toString(): string {
    return this.version;
  }
}
