/** Names of an exposure's outputs, which people and `ollama-eks` read. They never change. */
export const EXPOSURE_OUTPUTS = {
  loadBalancerDnsName: 'load_balancer_dns_name',
  gatewayHostname: 'gateway_hostname',
  gatewayAdminHostname: 'gateway_admin_hostname',
  gatewayCaCertificate: 'gateway_ca_certificate',
  transitGatewayId: 'transit_gateway_id',
  ramShareArn: 'ram_share_arn',
  kongCidr: 'kong_cidr',
  /** The cluster also has this output if it is created in the same stack. */
  vpcCidr: 'vpc_cidr',
} as const;
