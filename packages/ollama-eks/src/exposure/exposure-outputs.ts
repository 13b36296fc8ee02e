import { TerraformOutput, type Construct } from '../framework';

/** Names of the outputs of an exposure: what the command line, and whoever composes stacks, reads. */
export const ExposureOutputs = {
  LOAD_BALANCER_DNS_NAME: 'load_balancer_dns_name',
  GATEWAY_HOSTNAME: 'gateway_hostname',
  GATEWAY_ADMIN_HOSTNAME: 'gateway_admin_hostname',
  GATEWAY_CA_CERTIFICATE: 'gateway_ca_certificate',
  TRANSIT_GATEWAY_ID: 'transit_gateway_id',
  RAM_SHARE_ARN: 'ram_share_arn',
  VPC_CIDR: 'vpc_cidr',
  KONG_CIDR: 'kong_cidr',
} as const;

/** The value of an output, and what it says. */
export interface OutputDefinition {
  readonly value: string;
  readonly description: string;
}

/** Gives the stack outputs of fixed names, each with the prefix before it. */
export function addOutputs(
  scope: Construct,
  prefix: string,
  outputs: Readonly<Record<string, OutputDefinition | undefined>>,
): void {
  for (const [name, output] of Object.entries(outputs)) {
    if (output === undefined) continue;
    const { value, description } = output;
    new TerraformOutput(scope, `Output-${name}`, { value, description }).overrideLogicalId(`${prefix}${name}`);
  }
}
