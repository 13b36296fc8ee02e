import type { KubernetesVersion } from '../../catalogue/kubernetes-version';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws, type EksCluster } from '../../providers/aws';
import type { EndpointProps } from './endpoint';
import { secretsKeyUse, serviceTrust } from '../aws/iam-policy';
import type { ResolvedLogs } from './control-plane-logs';
import { KeptChoice } from './kept-choice';
import type { INetwork } from '../network/network-ref';
import { eksLogFolder } from '../aws/log-group-names';
import { ServiceRole } from '../aws/service-role';

/** Days until a deleted key is lost; the longest period that KMS supports. */
const KEY_DELETION_DAYS = 30;

/** Properties of a ControlPlane. */
export interface ControlPlaneProps {
  readonly clusterName: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly upgradePolicy: 'STANDARD' | 'EXTENDED';
  readonly deletionProtection: boolean;
  readonly network: INetwork;
  /** VPC of an existing network. @default - the network is created with the cluster */
  readonly chosenVpcId?: string;
  readonly serviceCidr: string;
  readonly endpoint: EndpointProps;
  readonly logs: ResolvedLogs;
  readonly secretsKeyArn?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** The control plane of an EKS cluster, with its role, the key of its Secrets and its logs. */
export class ControlPlane extends Construct {
  public readonly cluster: EksCluster;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ControlPlaneProps,
  ) {
    super(scope, id);
    const { clusterName, endpoint, network, logs, provider } = props;
    const keyArn = props.secretsKeyArn ?? this.createKey();
    const role = new ServiceRole(this, 'role', {
      namePrefix: `${clusterName}-control-plane`,
      trust: serviceTrust('eks.amazonaws.com'),
      managedPolicies: ['AmazonEKSClusterPolicy'],
      statements: [secretsKeyUse(keyArn)],
      // The cluster depends on the role, and so on the check.
      dependsOn: [this.keepChoiceOfKey()],
      tags: props.tags,
      provider,
    });
    const publicCidrs = endpoint.publicCidrs ?? [];
    this.cluster = new aws.EksCluster(this, 'Resource', {
      name: clusterName,
      version: props.kubernetesVersion.version,
      roleArn: role.roleArn,
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      // Add-ons are separate resources; EKS would otherwise install its own copies first, at its default versions.
      bootstrapSelfManagedAddons: false,
      upgradePolicy: { supportType: props.upgradePolicy },
      enabledClusterLogTypes: [...logs.types],
      encryptionConfig: { resources: ['secrets'], provider: { keyArn } },
      kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: props.serviceCidr },
      vpcConfig: {
        subnetIds: [...network.privateSubnetIds],
        endpointPrivateAccess: true,
        endpointPublicAccess: publicCidrs.length > 0,
        publicAccessCidrs: publicCidrs.length > 0 ? [...publicCidrs] : undefined,
      },
      tags: { ...props.tags },
      // EKS refuses subnets in zones other than those at creation; nodes can be in any zone of the network.
      lifecycle: { ignoreChanges: ['vpc_config[0].subnet_ids'] },
      // The role must work until the cluster is deleted. A log group that EKS creates would be left behind and never expire.
      dependsOn: [this.keepChoiceOfVpc(), ...role.grants, this.createLogGroup()],
      provider,
    });
    // An argument of AWS provider 6, which bindings of version 5 do not have.
    if (props.deletionProtection) this.cluster.addOverride('deletion_protection', true);
  }

  private createKey(): string {
    const { clusterName, tags, provider } = this.props;
    const key = new aws.KmsKey(this, 'secrets-key', {
      description: `Kubernetes Secrets of EKS cluster ${clusterName}`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_DAYS,
      tags: { ...tags },
      provider,
    });
    new aws.KmsAlias(this, 'secrets-key-alias', {
      namePrefix: `alias/${clusterName}-secrets-`,
      targetKeyId: key.keyId,
      provider,
    });
    return key.arn;
  }

  /**
   * A key is associated with a cluster once. The provider does not call EKS when the key changes, and reports success:
   * https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/eks/cluster.go
   */
  private keepChoiceOfKey(): KeptChoice {
    const { clusterName, secretsKeyArn } = this.props;
    return new KeptChoice(this, 'chosen-secrets-key', {
      property: 'secretsKeyArn',
      value: secretsKeyArn,
      clusterName,
      problem: 'the key that encrypts the Secrets of a cluster cannot be changed',
    });
  }

  /** A cluster stays in its VPC, and changes of its subnets are ignored, so nodes of another VPC could not join it. */
  private keepChoiceOfVpc(): KeptChoice {
    const { clusterName, chosenVpcId } = this.props;
    return new KeptChoice(this, 'chosen-vpc', {
      property: 'network',
      value: chosenVpcId,
      clusterName,
      problem: 'the VPC of a cluster cannot be changed',
    });
  }

  private createLogGroup(): ITerraformDependable {
    const { clusterName, logs, tags, provider } = this.props;
    return new aws.CloudwatchLogGroup(this, 'log-group', {
      name: `${eksLogFolder(clusterName)}cluster`,
      retentionInDays: logs.retentionDays,
      kmsKeyId: logs.kmsKeyArn,
      tags: { ...tags },
      provider,
    });
  }
}
