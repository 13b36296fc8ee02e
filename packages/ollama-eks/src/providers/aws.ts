/**
 * The seam to @cdktf/provider-aws: the only file that imports it, by deep path, one getter a resource type.
 * Getters load a module at first use, so an app pays for the resource types that it creates and no others
 * (a barrel import costs 5 s and 575 MB, a deep one 1.5 ms).
 */
export const aws = {
  get AwsProvider() {
    return (require('@cdktf/provider-aws/lib/provider') as typeof import('@cdktf/provider-aws/lib/provider'))
      .AwsProvider;
  },
  get DataAwsEc2TransitGateway() {
    return (
      require('@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway') as typeof import('@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway')
    ).DataAwsEc2TransitGateway;
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
  get SecurityGroup() {
    return (
      require('@cdktf/provider-aws/lib/security-group') as typeof import('@cdktf/provider-aws/lib/security-group')
    ).SecurityGroup;
  },
  get Vpc() {
    return (require('@cdktf/provider-aws/lib/vpc') as typeof import('@cdktf/provider-aws/lib/vpc')).Vpc;
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
};

export type { AwsProvider, AwsProviderConfig } from '@cdktf/provider-aws/lib/provider';
export type { DataAwsEc2TransitGateway } from '@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway';
export type { Ec2TransitGateway } from '@cdktf/provider-aws/lib/ec2-transit-gateway';
export type { Ec2TransitGatewayRoute } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route';
export type { Ec2TransitGatewayRouteTable } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table';
export type { Ec2TransitGatewayRouteTableAssociation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-association';
export type { Ec2TransitGatewayVpcAttachment } from '@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment';
export type { Ec2TransitGatewayVpcAttachmentAccepter } from '@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment-accepter';
export type { Lb } from '@cdktf/provider-aws/lib/lb';
export type { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
export type { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
export type { RamPrincipalAssociation } from '@cdktf/provider-aws/lib/ram-principal-association';
export type { RamResourceAssociation } from '@cdktf/provider-aws/lib/ram-resource-association';
export type { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
export type { Route } from '@cdktf/provider-aws/lib/route';
export type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
export type { Vpc } from '@cdktf/provider-aws/lib/vpc';
export type { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
export type { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
