// https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs#stacking-with-managed-kubernetes-cluster-resources
import { checkRegion } from '../cluster/aws/stack-defaults';
import { ValidationError } from '../errors';
import { Construct, Fn, TerraformStack, Token } from '../framework';
import { aws, type AwsProvider } from '../providers/aws';
import { helm, type HelmProvider } from '../providers/helm';
import { kubernetes, type KubernetesProvider } from '../providers/kubernetes';
import { addBackend, type BackendFactory } from './backend';
import { loosenProviderVersions } from './provider-versions';

/** A cluster by its name: an `OllamaGpuCluster`, or any other one. */
export interface NamedCluster {
  /** Name of the EKS cluster, known at synth. */
  readonly clusterName: string;
  /** AWS region, known at synth. */
  readonly region: string;
}

/** Props of `PlatformStack`. */
export interface PlatformStackProps {
  /** The cluster; it need not exist when this stack is synthesized, only when it is planned. */
  readonly cluster: NamedCluster;
  /**
   * Makes the backend of the stack.
   * @default - the file terraform.<id>.tfstate beside cdktf.out
   */
  readonly backend?: BackendFactory;
}

/**
 * What runs in the cluster, apart from what the cluster is: its providers find the cluster by name when the stack is
 * planned, and get a token of their own for each run. Providers configured from a cluster of the same state can't plan
 * its creation, nor its replacement.
 */
export class PlatformStack extends TerraformStack {
  public readonly awsProvider: AwsProvider;
  public readonly kubernetesProvider: KubernetesProvider;
  public readonly helmProvider: HelmProvider;

  public constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id);
    const { clusterName } = props.cluster;
    const region = checkRegion(props.cluster.region);
    checkName(clusterName, this);
    addBackend(this, props.backend);
    if (Construct.isConstruct(props.cluster) && TerraformStack.of(props.cluster) !== this) {
      this.addDependency(TerraformStack.of(props.cluster));
    }

    this.awsProvider = new aws.AwsProvider(this, 'aws-provider', { region });
    const cluster = new aws.DataAwsEksCluster(this, 'eks-cluster', { name: clusterName });
    const host = cluster.endpoint;
    const clusterCaCertificate = Fn.base64decode(cluster.certificateAuthority.get(0).data);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'aws',
      args: ['eks', 'get-token', '--cluster-name', clusterName, '--region', region, '--output', 'json'],
    };
    this.kubernetesProvider = new kubernetes.KubernetesProvider(this, 'kubernetes-provider', {
      host,
      clusterCaCertificate,
      exec: [exec],
    });
    this.helmProvider = new helm.HelmProvider(this, 'helm-provider', {
      kubernetes: { host, clusterCaCertificate, exec },
    });
    loosenProviderVersions(this, ['aws', 'helm', 'kubernetes']);
  }
}

/** The name goes into the command line that fetches tokens, where nothing of another stack could be. */
function checkName(clusterName: string, scope: Construct): void {
  if (Token.isUnresolved(clusterName) || clusterName === '') {
    throw new ValidationError(
      {
        property: 'cluster.clusterName',
        problem: 'is not known at synth',
        allowed: 'the name itself',
        remedy: 'give the cluster a name of your own choice',
      },
      scope,
    );
  }
}
