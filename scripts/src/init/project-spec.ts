/** An existing VPC, by its ids. */
export interface ExistingVpc {
  readonly vpcId: string;
  readonly vpcCidr: string;
  /** One private subnet in each of at least two zones. */
  readonly privateSubnetIds: readonly string[];
  /** One subnet per zone for the attachment of the transit gateway; only with Kong. */
  readonly transitSubnetIds: readonly string[];
  /** Route tables of the private subnets; only with Kong, which adds a route. */
  readonly privateRouteTableIds: readonly string[];
}

/** Who calls the endpoint, and how. */
export type ExposureSpec =
  | { readonly kind: 'kong'; readonly kongCidr: string }
  | { readonly kind: 'internal'; readonly callerCidrs: readonly string[] };

/** What delivers manifests to the cluster. */
export type DeliverySpec =
  | { readonly kind: 'helm' }
  /** `repository` is the Git repository that the rendered tree is committed to. */
  | { readonly kind: 'argocd'; readonly repository: string };

/** Values of a new project, all checked. */
export interface ProjectSpec {
  readonly clusterName: string;
  readonly region: string;
  /** @default - a new VPC */
  readonly vpc?: ExistingVpc;
  readonly exposure: ExposureSpec;
  readonly model: string;
  /** Tokens of one request. */
  readonly contextLength: number;
  readonly parallel: number;
  readonly instanceType: string;
  readonly delivery: DeliverySpec;
}

/** Range of the VPC that the library creates unless the program sets another one. */
export const NEW_VPC_CIDR = '10.0.0.0/16';
