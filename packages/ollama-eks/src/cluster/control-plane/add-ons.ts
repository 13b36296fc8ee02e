import type { AddOnName, KubernetesVersion } from '../../catalogue/kubernetes-version';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { AwsAccount } from '../aws/aws-account';
import { podIdentityTrust, type PolicyStatement, volumeKeyUse } from '../aws/iam-policy';
import { ServiceRole } from '../aws/service-role';
import { shortened } from '../../shortened';
import { AddOn, type AddOnOptions } from './add-on';

/** Versions and configuration of the add-ons. Changed in place. */
export interface AddOnsProps {
  /** Amazon VPC CNI, with network policy and prefix delegation. @default - pinned */
  readonly vpcCni?: AddOnOptions;
  /** @default - pinned */
  readonly kubeProxy?: AddOnOptions;
  /** @default - pinned */
  readonly coreDns?: AddOnOptions;
  /** @default - pinned */
  readonly podIdentityAgent?: AddOnOptions;
  /**
   * Driver that creates model volumes. Keys of `controller` are merged with ours: `extraVolumeTags` holds the tags of the cluster.
   * @default - pinned
   */
  readonly ebsCsiDriver?: AddOnOptions;
  /** @default - pinned */
  readonly metricsServer?: AddOnOptions;
  /** @default - EKS's default for the Kubernetes version */
  readonly nodeMonitoringAgent?: AddOnOptions;
}

const ADD_ON_NAMES: Readonly<Record<keyof AddOnsProps, AddOnName>> = {
  vpcCni: 'vpc-cni',
  kubeProxy: 'kube-proxy',
  coreDns: 'coredns',
  podIdentityAgent: 'eks-pod-identity-agent',
  ebsCsiDriver: 'aws-ebs-csi-driver',
  metricsServer: 'metrics-server',
  nodeMonitoringAgent: 'eks-node-monitoring-agent',
};

/** Properties of NodeAddOns and SystemAddOns. */
export interface AddOnsConstructProps {
  readonly clusterName: string;
  readonly clusterArn: string;
  /** Name of the cluster, known at synth. */
  readonly installation: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly options: AddOnsProps;
  readonly tags: Readonly<Record<string, string>>;
  /** All tags of the volumes that the EBS CSI driver creates, since no provider adds tags there. */
  readonly volumeTags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/**
 * Add-ons without which no node becomes ready; the VPC CNI is the main one. They are created before the first node and deleted after the
 * last, at the same time as each other: the CNI gets its role from the Pod Identity agent of a node, and there is no node yet.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
export class NodeAddOns extends Construct {
  public readonly podIdentityAgent: AddOn;
  public readonly kubeProxy: AddOn;
  public readonly vpcCni: AddOn;
  public readonly vpcCniRole: ServiceRole;
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: AddOnsConstructProps) {
    super(scope, id);
    const { options } = props;
    this.podIdentityAgent = new AddOn(this, 'pod-identity-agent', { ...props, ...chosen(options, 'podIdentityAgent') });
    this.kubeProxy = new AddOn(this, 'kube-proxy', { ...props, ...chosen(options, 'kubeProxy') });
    this.vpcCniRole = podIdentityRole(this, 'vpc-cni-role', props, { managedPolicies: ['AmazonEKS_CNI_Policy'] });
    this.vpcCni = new AddOn(this, 'vpc-cni', {
      ...props,
      ...chosen(options, 'vpcCni'),
      identity: { serviceAccount: 'aws-node', role: this.vpcCniRole },
    });
    this.node.defaultChild = this.vpcCni.resource;
    this.ready = [this.podIdentityAgent, this.kubeProxy, this.vpcCni].map(({ resource }) => resource);
  }
}

/** Properties of SystemAddOns. */
export interface SystemAddOnsProps extends AddOnsConstructProps {
  /** ARNs of the KMS keys that encrypt model volumes. */
  readonly volumeKeyArns: readonly string[];
  /** System nodes: these add-ons are degraded until a node can run them. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Add-ons that need a node to run on; CoreDNS is the main one. */
export class SystemAddOns extends Construct {
  public readonly coreDns: AddOn;
  public readonly ebsCsiDriver: AddOn;
  public readonly ebsCsiDriverRole: ServiceRole;
  public readonly metricsServer: AddOn;
  public readonly nodeMonitoringAgent: AddOn;

  public constructor(scope: Construct, id: string, props: SystemAddOnsProps) {
    super(scope, id);
    const { options, volumeKeyArns } = props;
    this.ebsCsiDriverRole = podIdentityRole(this, 'ebs-csi-driver-role', props, {
      managedPolicies: ['service-role/AmazonEBSCSIDriverPolicy'],
      statements: volumeKeyArns.length === 0 ? [] : volumeKeyUse(volumeKeyArns),
    });
    this.coreDns = new AddOn(this, 'coredns', { ...props, ...chosen(options, 'coreDns') });
    this.node.defaultChild = this.coreDns.resource;
    this.ebsCsiDriver = new AddOn(this, 'ebs-csi-driver', {
      ...props,
      ...chosen(options, 'ebsCsiDriver'),
      identity: { serviceAccount: 'ebs-csi-controller-sa', role: this.ebsCsiDriverRole },
    });
    this.metricsServer = new AddOn(this, 'metrics-server', { ...props, ...chosen(options, 'metricsServer') });
    this.nodeMonitoringAgent = new AddOn(this, 'node-monitoring-agent', {
      ...props,
      ...chosen(options, 'nodeMonitoringAgent'),
    });
  }
}

/** Returns the add-ons whose versions the user chose. */
export function chosenAddOns(options: AddOnsProps = {}) {
  return Object.keys(ADD_ON_NAMES).flatMap((key) => {
    const { addOnName, property, options: { version } = {} } = chosen(options, key as keyof AddOnsProps);
    return version === undefined ? [] : [{ addOnName, property, version }];
  });
}

function chosen(options: AddOnsProps, key: keyof AddOnsProps) {
  return { addOnName: ADD_ON_NAMES[key], options: options[key], property: `addOns.${key}` };
}

function podIdentityRole(
  scope: Construct,
  id: string,
  { clusterArn, installation, tags, provider }: AddOnsConstructProps,
  rights: { readonly managedPolicies: readonly string[]; readonly statements?: readonly PolicyStatement[] },
): ServiceRole {
  return new ServiceRole(scope, id, {
    namePrefix: `${shortened(installation, 20)}-${id.replace(/-role$/, '')}`,
    trust: podIdentityTrust(AwsAccount.of(scope, provider).accountId, clusterArn),
    ...rights,
    tags,
    provider,
  });
}
