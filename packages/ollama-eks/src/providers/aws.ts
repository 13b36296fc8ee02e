import { fromPeer } from './from-peer';

/**
 * The seam to @cdktf/provider-aws: the only file that imports it, by deep path, with one getter per resource type.
 * Getters load a module at first use, so an app loads only the resource types that it creates
 * (a barrel import costs 5 s and 575 MB, a deep import 1.5 ms).
 */
export const aws = fromPeer('@cdktf/provider-aws', {
  get AwsProvider() {
    return (require('@cdktf/provider-aws/lib/provider') as typeof import('@cdktf/provider-aws/lib/provider'))
      .AwsProvider;
  },
  get BudgetsBudget() {
    return (
      require('@cdktf/provider-aws/lib/budgets-budget') as typeof import('@cdktf/provider-aws/lib/budgets-budget')
    ).BudgetsBudget;
  },
  get CloudwatchLogGroup() {
    return (
      require('@cdktf/provider-aws/lib/cloudwatch-log-group') as typeof import('@cdktf/provider-aws/lib/cloudwatch-log-group')
    ).CloudwatchLogGroup;
  },
  get DataAwsAvailabilityZones() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-availability-zones') as typeof import('@cdktf/provider-aws/lib/data-aws-availability-zones')
    ).DataAwsAvailabilityZones;
  },
  get DataAwsCallerIdentity() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-caller-identity') as typeof import('@cdktf/provider-aws/lib/data-aws-caller-identity')
    ).DataAwsCallerIdentity;
  },
  get DataAwsEc2InstanceTypeOfferings() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings') as typeof import('@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings')
    ).DataAwsEc2InstanceTypeOfferings;
  },
  get DataAwsEc2TransitGateway() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway') as typeof import('@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway')
    ).DataAwsEc2TransitGateway;
  },
  get DataAwsEksAddon() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-eks-addon') as typeof import('@cdktf/provider-aws/lib/data-aws-eks-addon')
    ).DataAwsEksAddon;
  },
  get DataAwsEksAddonVersion() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-eks-addon-version') as typeof import('@cdktf/provider-aws/lib/data-aws-eks-addon-version')
    ).DataAwsEksAddonVersion;
  },
  get DataAwsEksCluster() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-eks-cluster') as typeof import('@cdktf/provider-aws/lib/data-aws-eks-cluster')
    ).DataAwsEksCluster;
  },
  get DataAwsEksClusterVersions() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-eks-cluster-versions') as typeof import('@cdktf/provider-aws/lib/data-aws-eks-cluster-versions')
    ).DataAwsEksClusterVersions;
  },
  get DataAwsEksClusters() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-eks-clusters') as typeof import('@cdktf/provider-aws/lib/data-aws-eks-clusters')
    ).DataAwsEksClusters;
  },
  get DataAwsIamSessionContext() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-iam-session-context') as typeof import('@cdktf/provider-aws/lib/data-aws-iam-session-context')
    ).DataAwsIamSessionContext;
  },
  get DataAwsLb() {
    return (require('@cdktf/provider-aws/lib/data-aws-lb') as typeof import('@cdktf/provider-aws/lib/data-aws-lb'))
      .DataAwsLb;
  },
  get DataAwsLbTargetGroup() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-lb-target-group') as typeof import('@cdktf/provider-aws/lib/data-aws-lb-target-group')
    ).DataAwsLbTargetGroup;
  },
  get DataAwsPartition() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-partition') as typeof import('@cdktf/provider-aws/lib/data-aws-partition')
    ).DataAwsPartition;
  },
  get DataAwsRegion() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-region') as typeof import('@cdktf/provider-aws/lib/data-aws-region')
    ).DataAwsRegion;
  },
  get DataAwsRouteTable() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-route-table') as typeof import('@cdktf/provider-aws/lib/data-aws-route-table')
    ).DataAwsRouteTable;
  },
  get DataAwsServicequotasServiceQuota() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-servicequotas-service-quota') as typeof import('@cdktf/provider-aws/lib/data-aws-servicequotas-service-quota')
    ).DataAwsServicequotasServiceQuota;
  },
  get DataAwsSubnet() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-subnet') as typeof import('@cdktf/provider-aws/lib/data-aws-subnet')
    ).DataAwsSubnet;
  },
  get DataAwsVpc() {
    return (require('@cdktf/provider-aws/lib/data-aws-vpc') as typeof import('@cdktf/provider-aws/lib/data-aws-vpc'))
      .DataAwsVpc;
  },
  get DefaultSecurityGroup() {
    return (
      require('@cdktf/provider-aws/lib/default-security-group') as typeof import('@cdktf/provider-aws/lib/default-security-group')
    ).DefaultSecurityGroup;
  },
  get Ec2TransitGateway() {
    return (
      require('@cdktf/provider-aws/lib/ec2-transit-gateway') as typeof import('@cdktf/provider-aws/lib/ec2-transit-gateway')
    ).Ec2TransitGateway;
  },
  get Ec2TransitGatewayRoute() {
    return (
      require('@cdktf/provider-aws/lib/ec2-transit-gateway-route') as typeof import('@cdktf/provider-aws/lib/ec2-transit-gateway-route')
    ).Ec2TransitGatewayRoute;
  },
  get Ec2TransitGatewayRouteTable() {
    return (
      require('@cdktf/provider-aws/lib/ec2-transit-gateway-route-table') as typeof import('@cdktf/provider-aws/lib/ec2-transit-gateway-route-table')
    ).Ec2TransitGatewayRouteTable;
  },
  get Ec2TransitGatewayRouteTableAssociation() {
    return (
      require('@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-association') as typeof import('@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-association')
    ).Ec2TransitGatewayRouteTableAssociation;
  },
  get Ec2TransitGatewayVpcAttachment() {
    return (
      require('@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment') as typeof import('@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment')
    ).Ec2TransitGatewayVpcAttachment;
  },
  get Ec2TransitGatewayVpcAttachmentAccepter() {
    return (
      require('@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment-accepter') as typeof import('@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment-accepter')
    ).Ec2TransitGatewayVpcAttachmentAccepter;
  },
  get Eip() {
    return (require('@cdktf/provider-aws/lib/eip') as typeof import('@cdktf/provider-aws/lib/eip')).Eip;
  },
  get EksAccessEntry() {
    return (
      require('@cdktf/provider-aws/lib/eks-access-entry') as typeof import('@cdktf/provider-aws/lib/eks-access-entry')
    ).EksAccessEntry;
  },
  get EksAccessPolicyAssociation() {
    return (
      require('@cdktf/provider-aws/lib/eks-access-policy-association') as typeof import('@cdktf/provider-aws/lib/eks-access-policy-association')
    ).EksAccessPolicyAssociation;
  },
  get EksAddon() {
    return (require('@cdktf/provider-aws/lib/eks-addon') as typeof import('@cdktf/provider-aws/lib/eks-addon'))
      .EksAddon;
  },
  get EksCluster() {
    return (require('@cdktf/provider-aws/lib/eks-cluster') as typeof import('@cdktf/provider-aws/lib/eks-cluster'))
      .EksCluster;
  },
  get EksNodeGroup() {
    return (
      require('@cdktf/provider-aws/lib/eks-node-group') as typeof import('@cdktf/provider-aws/lib/eks-node-group')
    ).EksNodeGroup;
  },
  get EksPodIdentityAssociation() {
    return (
      require('@cdktf/provider-aws/lib/eks-pod-identity-association') as typeof import('@cdktf/provider-aws/lib/eks-pod-identity-association')
    ).EksPodIdentityAssociation;
  },
  get FlowLog() {
    return (require('@cdktf/provider-aws/lib/flow-log') as typeof import('@cdktf/provider-aws/lib/flow-log')).FlowLog;
  },
  get IamRole() {
    return (require('@cdktf/provider-aws/lib/iam-role') as typeof import('@cdktf/provider-aws/lib/iam-role')).IamRole;
  },
  get IamRolePolicy() {
    return (
      require('@cdktf/provider-aws/lib/iam-role-policy') as typeof import('@cdktf/provider-aws/lib/iam-role-policy')
    ).IamRolePolicy;
  },
  get IamRolePolicyAttachment() {
    return (
      require('@cdktf/provider-aws/lib/iam-role-policy-attachment') as typeof import('@cdktf/provider-aws/lib/iam-role-policy-attachment')
    ).IamRolePolicyAttachment;
  },
  get InternetGateway() {
    return (
      require('@cdktf/provider-aws/lib/internet-gateway') as typeof import('@cdktf/provider-aws/lib/internet-gateway')
    ).InternetGateway;
  },
  get KmsAlias() {
    return (require('@cdktf/provider-aws/lib/kms-alias') as typeof import('@cdktf/provider-aws/lib/kms-alias'))
      .KmsAlias;
  },
  get KmsKey() {
    return (require('@cdktf/provider-aws/lib/kms-key') as typeof import('@cdktf/provider-aws/lib/kms-key')).KmsKey;
  },
  get LaunchTemplate() {
    return (
      require('@cdktf/provider-aws/lib/launch-template') as typeof import('@cdktf/provider-aws/lib/launch-template')
    ).LaunchTemplate;
  },
  get Lb() {
    return (require('@cdktf/provider-aws/lib/lb') as typeof import('@cdktf/provider-aws/lib/lb')).Lb;
  },
  get LbListener() {
    return (require('@cdktf/provider-aws/lib/lb-listener') as typeof import('@cdktf/provider-aws/lib/lb-listener'))
      .LbListener;
  },
  get LbTargetGroup() {
    return (
      require('@cdktf/provider-aws/lib/lb-target-group') as typeof import('@cdktf/provider-aws/lib/lb-target-group')
    ).LbTargetGroup;
  },
  get NatGateway() {
    return (require('@cdktf/provider-aws/lib/nat-gateway') as typeof import('@cdktf/provider-aws/lib/nat-gateway'))
      .NatGateway;
  },
  get PlacementGroup() {
    return (
      require('@cdktf/provider-aws/lib/placement-group') as typeof import('@cdktf/provider-aws/lib/placement-group')
    ).PlacementGroup;
  },
  get PrometheusAlertManagerDefinition() {
    return (
      require('@cdktf/provider-aws/lib/prometheus-alert-manager-definition') as typeof import('@cdktf/provider-aws/lib/prometheus-alert-manager-definition')
    ).PrometheusAlertManagerDefinition;
  },
  get PrometheusRuleGroupNamespace() {
    return (
      require('@cdktf/provider-aws/lib/prometheus-rule-group-namespace') as typeof import('@cdktf/provider-aws/lib/prometheus-rule-group-namespace')
    ).PrometheusRuleGroupNamespace;
  },
  get PrometheusScraper() {
    return (
      require('@cdktf/provider-aws/lib/prometheus-scraper') as typeof import('@cdktf/provider-aws/lib/prometheus-scraper')
    ).PrometheusScraper;
  },
  get PrometheusWorkspace() {
    return (
      require('@cdktf/provider-aws/lib/prometheus-workspace') as typeof import('@cdktf/provider-aws/lib/prometheus-workspace')
    ).PrometheusWorkspace;
  },
  get RamPrincipalAssociation() {
    return (
      require('@cdktf/provider-aws/lib/ram-principal-association') as typeof import('@cdktf/provider-aws/lib/ram-principal-association')
    ).RamPrincipalAssociation;
  },
  get RamResourceAssociation() {
    return (
      require('@cdktf/provider-aws/lib/ram-resource-association') as typeof import('@cdktf/provider-aws/lib/ram-resource-association')
    ).RamResourceAssociation;
  },
  get RamResourceShare() {
    return (
      require('@cdktf/provider-aws/lib/ram-resource-share') as typeof import('@cdktf/provider-aws/lib/ram-resource-share')
    ).RamResourceShare;
  },
  get Route() {
    return (require('@cdktf/provider-aws/lib/route') as typeof import('@cdktf/provider-aws/lib/route')).Route;
  },
  get RouteTable() {
    return (require('@cdktf/provider-aws/lib/route-table') as typeof import('@cdktf/provider-aws/lib/route-table'))
      .RouteTable;
  },
  get RouteTableAssociation() {
    return (
      require('@cdktf/provider-aws/lib/route-table-association') as typeof import('@cdktf/provider-aws/lib/route-table-association')
    ).RouteTableAssociation;
  },
  get SchedulerSchedule() {
    return (
      require('@cdktf/provider-aws/lib/scheduler-schedule') as typeof import('@cdktf/provider-aws/lib/scheduler-schedule')
    ).SchedulerSchedule;
  },
  get SecurityGroup() {
    return (
      require('@cdktf/provider-aws/lib/security-group') as typeof import('@cdktf/provider-aws/lib/security-group')
    ).SecurityGroup;
  },
  get Subnet() {
    return (require('@cdktf/provider-aws/lib/subnet') as typeof import('@cdktf/provider-aws/lib/subnet')).Subnet;
  },
  get Vpc() {
    return (require('@cdktf/provider-aws/lib/vpc') as typeof import('@cdktf/provider-aws/lib/vpc')).Vpc;
  },
  get VpcEndpoint() {
    return (require('@cdktf/provider-aws/lib/vpc-endpoint') as typeof import('@cdktf/provider-aws/lib/vpc-endpoint'))
      .VpcEndpoint;
  },
  get VpcSecurityGroupEgressRule() {
    return (
      require('@cdktf/provider-aws/lib/vpc-security-group-egress-rule') as typeof import('@cdktf/provider-aws/lib/vpc-security-group-egress-rule')
    ).VpcSecurityGroupEgressRule;
  },
  get VpcSecurityGroupIngressRule() {
    return (
      require('@cdktf/provider-aws/lib/vpc-security-group-ingress-rule') as typeof import('@cdktf/provider-aws/lib/vpc-security-group-ingress-rule')
    ).VpcSecurityGroupIngressRule;
  },
});
