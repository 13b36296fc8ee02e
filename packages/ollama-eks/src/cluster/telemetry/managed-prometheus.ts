/** Collectors: https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-collector-how-to.html */
import { checkForm } from '../../check-text';
import { Construct, type TerraformProvider } from '../../framework';
import { alertManagerDefinition } from '../../observability/alert-manager';
import type { ManagedPrometheusProps } from '../../observability/observability-props';
import { rulesWithoutPodStates, type RuleInput } from '../../observability/rule-groups';
import { scrapeConfiguration } from '../../observability/scrape-configuration';
import { aws } from '../../providers/aws';
import type {
  PrometheusAlertManagerDefinition,
  PrometheusRuleGroupNamespace,
  PrometheusScraper,
  PrometheusWorkspace,
} from '../../providers/aws-types';
import { toYaml } from '../../yaml';
import { AwsAccount } from '../aws/aws-account';
import { checkRegionalTopicArn } from '../aws/sns-topic';
import type { IEksCluster } from '../cluster-ref';

/** Properties of a ManagedPrometheus. */
export interface ManagedPrometheusConstructProps {
  readonly props: ManagedPrometheusProps;
  readonly cluster: IEksCluster;
  readonly rules: RuleInput;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Checked here and not with the other props, because an id may be a token, which pure functions do not know. */
const SUBNET_ID = {
  pattern: /^subnet-[0-9a-z]+$/,
  allowed: 'the id of a subnet, such as subnet-0123456789abcdef0',
  remedy: 'copy it from `aws ec2 describe-subnets`',
  tokens: true,
};

/**
 * Tag that a collector adds to its workspace. Without it here, each plan would remove it.
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/prometheus_scraper
 */
const COLLECTOR_TAG = { AMPAgentlessScraper: '' };

/**
 * A workspace of Amazon Managed Service for Prometheus, its collector, and the rules. AWS gives the collector's service-linked role access
 * to the cluster, and EKS refuses an access entry of anyone else for it; so the cluster must support access entries, and there is none here.
 */
export class ManagedPrometheus extends Construct {
  /** The workspace. `prometheusEndpoint` is the URL for Grafana. */
  public readonly workspace: PrometheusWorkspace;
  public readonly collector: PrometheusScraper;
  public readonly rules: PrometheusRuleGroupNamespace;
  /** Undefined without `alertTopicArn`. */
  public readonly alertManager?: PrometheusAlertManagerDefinition;

  public constructor(scope: Construct, id: string, construct: ManagedPrometheusConstructProps) {
    super(scope, id);
    const { props, cluster, tags, provider } = construct;
    const { clusterName } = cluster;
    const { subnets, alertTopicArn } = props;
    subnets?.forEach(({ subnetId }, index) =>
      checkForm(`observability.subnets[${index}].subnetId`, subnetId, SUBNET_ID),
    );
    this.workspace = new aws.PrometheusWorkspace(this, 'Resource', {
      alias: clusterName,
      tags: { ...tags, ...COLLECTOR_TAG },
      provider,
    });
    this.node.defaultChild = this.workspace;
    this.rules = new aws.PrometheusRuleGroupNamespace(this, 'rules', {
      name: 'ollama',
      workspaceId: this.workspace.id,
      data: toYaml({ groups: rulesWithoutPodStates(construct.rules) }),
      tags: { ...tags },
      provider,
    });
    if (alertTopicArn !== undefined) {
      this.alertManager = new aws.PrometheusAlertManagerDefinition(this, 'alert-manager', {
        workspaceId: this.workspace.id,
        definition: alertManagerDefinition(
          checkRegionalTopicArn('observability.alertTopicArn', alertTopicArn, cluster.region),
          cluster.region,
        ),
        provider,
      });
    }
    this.collector = new aws.PrometheusScraper(this, 'collector', {
      alias: clusterName,
      scrapeConfiguration: scrapeConfiguration(),
      source: [
        {
          eks: [
            {
              clusterArn: AwsAccount.of(this, provider).eksClusterArn(cluster.region, clusterName),
              subnetIds: subnets?.map(({ subnetId }) => subnetId) ?? [...cluster.network.privateSubnetIds],
              securityGroupIds: securityGroupsOf(cluster),
            },
          ],
        },
      ],
      destination: [{ amp: [{ workspaceArn: this.workspace.arn }] }],
      tags: { ...tags },
      dependsOn: [...cluster.ready],
      provider,
    });
  }
}

/** Those of the control plane and of the nodes: a collector calls the Kubernetes API, and the pods. */
function securityGroupsOf({ controlPlaneSecurityGroupId, clusterSecurityGroupId }: IEksCluster): string[] {
  return [...new Set([controlPlaneSecurityGroupId ?? clusterSecurityGroupId, clusterSecurityGroupId])];
}
