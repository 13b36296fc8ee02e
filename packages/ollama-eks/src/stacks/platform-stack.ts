// https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs#stacking-with-managed-kubernetes-cluster-resources
import { checkProps, FUNCTION, OBJECT, required, type Shape } from '../check-props';
import { checkRegion } from '../cluster/aws/stack-defaults';
import { ValidationError } from '../errors';
import { Construct, Fn, TerraformStack, Token } from '../framework';
import { loosenProviderVersions } from '../provider-versions';
import { aws } from '../providers/aws';
import type { AwsProvider } from '../providers/aws-types';
import { helm, type HelmProvider } from '../providers/helm';
import { kubernetes, type KubernetesProvider } from '../providers/kubernetes';
import { addBackend, type BackendFactory } from './backend';

/** A cluster identified by its name: an `OllamaGpuCluster`, or any other EKS cluster. */
export interface NamedCluster {
  /** Name of the EKS cluster, known at synth. */
  readonly clusterName: string;
  /** AWS region, known at synth. */
  readonly region: string;
}

/** Properties of PlatformStack. */
export interface PlatformStackProps {
  /** The cluster; it need not exist when this stack is synthesized, only when it is planned. */
  readonly cluster: NamedCluster;
  /**
   * Creates the backend of the stack.
   * @default - the file terraform.<id>.tfstate next to cdktf.out
   */
  readonly backend?: BackendFactory;
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<PlatformStackProps> = { cluster: required(OBJECT), backend: FUNCTION };

/**
 * A stack for what runs in the cluster, separate from the cluster itself. Its providers find the cluster by name when the stack
 * is planned, and get a new token for each run. Providers that are configured from a cluster in the same state cannot plan
 * its creation or replacement.
 */
export class PlatformStack extends TerraformStack {
  public readonly awsProvider: AwsProvider;
  public readonly kubernetesProvider: KubernetesProvider;
  public readonly helmProvider: HelmProvider;

  public constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id);
    checkProps(props, SHAPE);
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

/** Refuses a token as the name, which is part of the command line that fetches tokens and cannot refer to another stack. */
function checkName(clusterName: string, scope: Construct): void {
  if (Token.isUnresolved(clusterName) || clusterName === '') {
    throw new ValidationError(
      {
        property: 'cluster.clusterName',
        problem: 'is not known at synth',
        allowed: 'the name as a string known at synth',
        remedy: 'choose the name of the cluster yourself',
      },
      scope,
    );
  }
}
