/** How long something takes to be created. */
export interface CreationTime {
  readonly seconds: number;
  /** Page with a log or a text that the number was taken from; undefined if the number is assumed. */
  readonly source?: string;
}

/** What is not listed: roles, routes, rules and policies, of which published logs say 0 to 5 seconds. */
const OTHERS: CreationTime = { seconds: 3 };

const EKS_LOG = 'https://github.com/DevopsArtFactory/terraform-provisioning/pull/46';
const VPC_LOG = 'https://github.com/DevopsArtFactory/terraform-provisioning/pull/4';

/** By type of Terraform's resource, or by name for what Terraform does not create. */
const TIMES: Readonly<Record<string, CreationTime>> = {
  aws_vpc: { seconds: 21, source: VPC_LOG },
  aws_subnet: { seconds: 10, source: 'https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2203' },
  aws_nat_gateway: { seconds: 105 },
  aws_eks_cluster: { seconds: 606, source: 'https://github.com/terraform-aws-modules/terraform-aws-eks/pull/3218' },
  aws_eks_node_group: { seconds: 119, source: EKS_LOG },
  aws_eks_addon: { seconds: 20 },
  aws_lb: { seconds: 174, source: 'https://github.com/DataBiosphere/azul/pull/5780' },
  aws_ec2_transit_gateway: {
    // create and delete together, so this is an upper bound
    seconds: 95,
    source: 'https://github.com/hashicorp/terraform-provider-aws/pull/6605',
  },
  aws_ec2_transit_gateway_vpc_attachment: { seconds: 60 },
  helm_release: { seconds: 90 },
  /** Until an Application whose pods run on system nodes is healthy. */
  application: { seconds: 30 },
  /** Pull of the weights of 18 GB, the shortest of the 10 to 30 minutes that the source says. */
  model_pull: { seconds: 600, source: 'https://github.com/shanaka-versent/Ollama-on-EKS' },
  /** Until every server, or the path to them, has answered all checks. */
  verification: { seconds: 120 },
  konnect_network: { seconds: 35 * 60 },
  konnect_gateways: { seconds: 10 * 60 },
  konnect_attachment: { seconds: 10 * 60 },
};

/** Returns how long a resource of a type takes to be created; none was measured on AWS by this project. */
export function creationTime(type: string): CreationTime {
  return TIMES[type] ?? OTHERS;
}
