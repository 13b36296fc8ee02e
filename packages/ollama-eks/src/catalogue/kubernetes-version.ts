/** Dates: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar (read on 2026-11-23) */
import { ValidationError } from '../errors';

/** EKS names of the add-ons that a cluster installs. */
export type AddOnName =
  | 'vpc-cni'
  | 'kube-proxy'
  | 'coredns'
  | 'eks-pod-identity-agent'
  | 'aws-ebs-csi-driver'
  | 'metrics-server'
  | 'eks-node-monitoring-agent';

/** Versions of EKS add-ons by name, such as `v1.22.4-eksbuild.3`. */
export type AddOnVersions = Readonly<Partial<Record<AddOnName, string>>>;

const MINOR_VERSION = /^1\.[1-9][0-9]?$/;

/** Add-on builds that support all listed versions. */
const COMMON_ADD_ONS: AddOnVersions = {
  'vpc-cni': 'v1.22.4-eksbuild.3',
  'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
};

/**
 * A Kubernetes minor version of EKS, and the add-on versions that go with it. Terraform reads the version of every other add-on
 * when it plans: the one that EKS itself would choose.
 *
 * The add-on versions were collected from public configurations on 2026-11-23, and those of 1.36 on 2026-11-29. Check them with
 * `aws eks describe-addon-versions --kubernetes-version 1.35`.
 */
export class KubernetesVersion {
  /** In standard support until 2026-12-02. Add-ons: as several configurations for 1.34 pin them. */
  public static readonly V1_34 = new KubernetesVersion(
    '1.34',
    {
      ...COMMON_ADD_ONS,
      'kube-proxy': 'v1.34.6-eksbuild.18',
      coredns: 'v1.13.2-eksbuild.11',
      'aws-ebs-csi-driver': 'v1.63.1-eksbuild.1',
    },
    '2026-12-02',
  );

  /**
   * In standard support until 2027-03-27. Add-ons: the defaults of `aws eks describe-addon-versions` on 2026-10-02; the EBS CSI
   * driver and metrics-server, which that list does not include, as several configurations for 1.35 pin them.
   */
  public static readonly V1_35 = new KubernetesVersion(
    '1.35',
    {
      ...COMMON_ADD_ONS,
      'kube-proxy': 'v1.35.3-eksbuild.29',
      coredns: 'v1.13.2-eksbuild.31',
      'aws-ebs-csi-driver': 'v1.64.0-eksbuild.1',
      'metrics-server': 'v0.9.0-eksbuild.6',
    },
    '2027-03-27',
  );

  /**
   * In standard support until 2027-08-02, as several configurations for 1.36 say (2026-11-29). Add-ons: what a cluster resolved to in
   * September 2026; the EBS CSI driver is the default of 2026-08-27, metrics-server that of 2026-10-07.
   */
  public static readonly V1_36 = new KubernetesVersion(
    '1.36',
    {
      ...COMMON_ADD_ONS,
      'kube-proxy': 'v1.36.0-eksbuild.21',
      coredns: 'v1.14.3-eksbuild.16',
      'aws-ebs-csi-driver': 'v1.64.0-eksbuild.1',
      'metrics-server': 'v0.9.0-eksbuild.11',
    },
    '2027-08-02',
  );

  /** The listed versions, oldest first. */
  public static readonly LISTED: readonly KubernetesVersion[] = [
    KubernetesVersion.V1_34,
    KubernetesVersion.V1_35,
    KubernetesVersion.V1_36,
  ];

  /** The version of a cluster whose version is not set. */
  public static readonly DEFAULT = KubernetesVersion.V1_36;

  /**
   * Returns the version with that number, listed or not. If it is not listed, also set the versions of the add-ons.
   * @throws ValidationError if the value is not a minor version such as `1.37`
   */
  public static of(version: string): KubernetesVersion {
    if (!MINOR_VERSION.test(version)) {
      throw new ValidationError({
        property: 'kubernetesVersion',
        value: version,
        problem: 'is not a minor version of Kubernetes',
        allowed: '1 and a minor number, such as 1.35, known at synth',
        remedy: 'remove the patch number; EKS chooses it',
      });
    }
    return KubernetesVersion.LISTED.find((listed) => listed.version === version) ?? new KubernetesVersion(version);
  }

  private constructor(
    /** `1.35`. */
    public readonly version: string,
    /** Versions of the EKS add-ons that go with this version; empty if it is not listed. */
    public readonly addOns: AddOnVersions = {},
    /** Last day of standard support as `YYYY-MM-DD`; undefined if it is not known. */
    public readonly endOfStandardSupport?: string,
  ) {}

  /** Whether its add-on versions are listed. */
  public get listed(): boolean {
    return KubernetesVersion.LISTED.includes(this);
  }

  /** `1.35`. */
  public toString(): string {
    return this.version;
  }
}
