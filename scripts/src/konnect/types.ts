// The fields of Konnect's objects that are used.
// https://developer.konghq.com/api/konnect/cloud-gateways/v2/ and https://developer.konghq.com/api/konnect/control-planes/v2/
import type { KONNECT_GEOS } from '../program/settings';

/** Geography that stores a control plane. @see https://developer.konghq.com/konnect-platform/geos/ */
export type Geo = (typeof KONNECT_GEOS)[number];

/** Reason for a state. */
export interface StateMetadata {
  readonly reported_status?: string;
  readonly reason?: string;
}

/** An object that is provisioned and deleted asynchronously. Konnect may add states. */
export interface Stateful {
  readonly id: string;
  readonly state: string;
  readonly state_metadata?: StateMetadata;
}

/** Address of a control plane's gateways. */
export interface ProxyUrl {
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
}

export interface ControlPlane {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly config: {
    readonly control_plane_endpoint: string;
    readonly cluster_type: string;
    readonly cloud_gateway: boolean;
    readonly proxy_urls?: readonly ProxyUrl[];
  };
}

export interface ProviderAccount {
  readonly id: string;
  readonly provider: string;
  /** The twelve digits of Kong's AWS account, the principal of the RAM share. */
  readonly provider_account_id: string;
}

export interface Network extends Stateful {
  readonly name: string;
  readonly cloud_gateway_provider_account_id: string;
  readonly region: string;
  /** AZ IDs, such as `usw2-az1`. */
  readonly availability_zones: readonly string[];
  readonly cidr_block: string;
  readonly transit_gateway_count: number;
  readonly configuration_reference_count: number;
}

export type ApiAccess = 'private' | 'public' | 'private+public';

export interface Autopilot {
  readonly kind: 'autopilot';
  /** Requests per second for which capacity is always provided. */
  readonly base_rps: number;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

/** A requested data plane group. */
export interface DataPlaneGroupConfig {
  readonly provider: string;
  readonly region: string;
  readonly cloud_gateway_network_id?: string;
  readonly autoscale?:
    Autopilot | { readonly kind: 'static'; readonly instance_type: string; readonly requested_instances: number };
  readonly environment?: readonly EnvironmentVariable[];
}

/** A running data plane group. */
export interface DataPlaneGroup extends DataPlaneGroupConfig, Stateful {
  readonly hostnames?: readonly string[];
}

export interface Configuration {
  /** Changes with every write, so it does not identify the configuration. */
  readonly id: string;
  readonly control_plane_id: string;
  readonly control_plane_geo: Geo;
  readonly version?: string;
  readonly api_access?: ApiAccess;
  readonly dataplane_group_config: readonly DataPlaneGroupConfig[];
  readonly dataplane_groups: readonly DataPlaneGroup[];
}

export interface DnsConfig {
  readonly remote_dns_server_ip_addresses: readonly string[];
  readonly domain_proxy_list: readonly string[];
}

export interface TransitGateway extends Stateful {
  readonly name: string;
  readonly cidr_blocks: readonly string[];
  readonly dns_config?: readonly DnsConfig[];
  readonly transit_gateway_attachment_config: {
    readonly kind: string;
    readonly transit_gateway_id?: string;
    readonly ram_share_arn?: string;
    /** `tgw-attach-…`, once it exists in AWS. */
    readonly attachment_id?: string;
  };
}

/** The two kinds of private DNS on AWS: a Route 53 private hosted zone, or your own resolvers. */
export type PrivateDnsConfig =
  | { readonly kind: 'aws-private-hosted-zone-attachment'; readonly hosted_zone_id: string }
  | {
      readonly kind: 'aws-outbound-resolver';
      /** Resolver addresses per domain. */
      readonly dns_config: Readonly<Record<string, { readonly remote_dns_server_ip_addresses: readonly string[] }>>;
    };

export interface PrivateDns extends Stateful {
  readonly name: string;
  readonly private_dns_attachment_config: PrivateDnsConfig;
}

export interface CustomDomain extends Stateful {
  readonly domain: string;
  readonly control_plane_id: string;
}

export interface AddOn extends Stateful {
  readonly name: string;
}

/** What Kong offers in each region. Public. */
export interface Availability {
  readonly versions: readonly string[];
  readonly providers: readonly {
    readonly provider: string;
    readonly regions: readonly RegionAvailability[];
  }[];
}

export interface RegionAvailability {
  readonly region: string;
  readonly availability_zones: readonly string[];
  /** Ranges that may contain a network's CIDR. */
  readonly cidr_blocks: readonly string[];
  /** Ranges that must not overlap a network's CIDR. */
  readonly reserved_cidr_blocks: readonly string[];
}

export interface ResourceQuota {
  readonly resource: string;
  readonly value: number;
}

export interface DefaultResourceQuota extends ResourceQuota {
  readonly overrides: readonly ResourceQuota[];
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly state?: string;
}

export interface SystemAccount {
  readonly id: string;
  readonly name: string;
}

export interface AssignedRole {
  readonly id: string;
  readonly role_name: string;
  readonly entity_id: string;
  readonly entity_type_name: string;
  readonly entity_region: string;
}

export interface AccessToken {
  readonly id: string;
  readonly name: string;
  readonly expires_at: string;
}

/** Answer to the creation of a token, the only one that contains the secret. */
export interface CreatedAccessToken extends AccessToken {
  readonly token: string;
}

/** Result of an `ensure…` function. */
export interface Ensured<Object> {
  readonly id: string;
  readonly outcome: Outcome;
  readonly object: Object;
}

/** `created`: the object did not exist; `updated`: it existed and differed; `reused`: it existed as desired, and nothing was written. */
export type Outcome = 'created' | 'reused' | 'updated';
