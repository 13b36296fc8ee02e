import type { KubernetesVersion } from '../../catalogue/kubernetes-version';
import { Construct, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import type { CloudwatchLogGroup, EksCluster, KmsKey } from '../../providers/aws-types';
import type { EndpointProps } from './endpoint';
import { secretsKeyUse, serviceTrust } from '../aws/iam-policy';
import type { ResolvedLogs } from './control-plane-logs';
import type { INetwork } from '../network/network-ref';
import { eksLogFolder } from '../aws/log-group-names';
import { KeptChoice, REPLACE_CLUSTER } from '../aws/kept-choice';
import { ServiceRole } from '../aws/service-role';

/** Days until a deleted key is lost; the longest period that KMS supports. */
const KEY_DELETION_DAYS = 30;

/** Properties of a ControlPlane. */
export interface ControlPlaneProps {
  readonly clusterName: string;
  readonly region: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly upgradePolicy: 'STANDARD' | 'EXTENDED';
  readonly deletionProtection: boolean;
  readonly network: INetwork;
  /** VPC of an existing network. @default - the network is created with the cluster */
  readonly chosenVpcId?: string;
  readonly serviceCidr: string;
  /** Whether a plan may replace the cluster because `clusterName` changed. */
  readonly allowReplacement: boolean;
  readonly endpoint: EndpointProps;
  readonly logs: ResolvedLogs;
  readonly secretsKeyArn?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** The control plane of an EKS cluster, with its role, the key of its Secrets and its logs. */
export class ControlPlane extends Construct {
  public readonly role: ServiceRole;
  /** Key of the Kubernetes Secrets; undefined if `secretsKeyArn` names an existing one. */
  public readonly secretsKey?: KmsKey;
  public readonly logGroup: CloudwatchLogGroup;
  public readonly cluster: EksCluster;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ControlPlaneProps,
  ) {
    super(scope, id);
    const { clusterName, endpoint, network, logs, provider } = props;
    const keyArn = props.secretsKeyArn ?? (this.secretsKey = this.createKey()).arn;
    this.role = new ServiceRole(this, 'role', {
      namePrefix: `${clusterName}-control-plane`,
      trust: serviceTrust('eks.amazonaws.com'),
      managedPolicies: ['AmazonEKSClusterPolicy'],
      statements: [secretsKeyUse(keyArn)],
      // The cluster depends on the role, and so on the check.
      dependsOn: [this.keepChoiceOfKey()],
      tags: props.tags,
      provider,
    });
    this.logGroup = this.createLogGroup();
    const publicCidrs = endpoint.publicCidrs ?? [];
    this.cluster = new aws.EksCluster(this, 'Resource', {
      name: clusterName,
      version: props.kubernetesVersion.version,
      roleArn: this.role.roleArn,
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
      dependsOn: [...this.keepChoices(), ...this.role.grants, this.logGroup],
      provider,
    });
    // An argument of AWS provider 6, which bindings of version 5 do not have.
    if (props.deletionProtection) this.cluster.addOverride('deletion_protection', true);
  }

  private createKey(): KmsKey {
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
    return key;
  }

  /**
   * A key is associated with a cluster once. The provider does not call EKS when the key changes, and reports success:
   * https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/eks/cluster.go
   */
  private keepChoiceOfKey(): KeptChoice {
    return new KeptChoice(this, 'chosen-secrets-key', {
      ...this.choiceForLife,
      property: 'secretsKeyArn',
      value: this.props.secretsKeyArn,
      problem: 'the key that encrypts the Secrets of a cluster cannot be changed',
    });
  }

  /** Keeps what can change only with the cluster, its name, and the region. */
  private keepChoices(): readonly KeptChoice[] {
    const { clusterName, region, chosenVpcId, serviceCidr, allowReplacement } = this.props;
    return [
      // A cluster stays in its VPC, and changes of its subnets are ignored, so nodes of another VPC could not join it.
      new KeptChoice(this, 'chosen-vpc', {
        ...this.choiceForLife,
        property: 'network',
        value: chosenVpcId,
        problem: 'the VPC of a cluster cannot be changed',
      }),
      // The provider would replace the cluster under the same name. It creates the new one first, which EKS refuses.
      new KeptChoice(this, 'chosen-service-cidr', {
        ...this.choiceForLife,
        property: 'serviceCidr',
        value: serviceCidr,
        problem: 'the range of Services of a cluster cannot be changed',
      }),
      new KeptChoice(this, 'chosen-name', {
        property: 'clusterName',
        value: clusterName,
        problem: 'a change replaces the cluster, and loses everything that runs in it, model volumes included',
        remedy: 'set allowReplacement: true to lose it',
        allowChange: allowReplacement,
      }),
      // A provider finds nothing of the state in another region, creates everything there, and forgets what exists.
      new KeptChoice(this, 'chosen-region', {
        property: 'region',
        value: region,
        problem: 'a change creates everything again in the other region, and leaves what exists running and unmanaged',
        remedy: 'destroy the stack before you move it',
      }),
    ];
  }

  private get choiceForLife() {
    const { clusterName } = this.props;
    return { clusterName, remedy: REPLACE_CLUSTER };
  }

  private createLogGroup(): CloudwatchLogGroup {
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
