import { wrongValue } from './errors';

/** A setting and its names. A flag takes precedence over the environment, then `.env`, then `ollama-eks.yaml`. */
export interface Setting {
  /** Long flag, without the dashes. Secrets have none because the process list would show them. */
  readonly flag?: string;
  readonly env: string;
  /** Key in `ollama-eks.yaml`. Secrets have none because the file is committed. */
  readonly key?: string;
  readonly description: string;
  /** Description of the value that is used if the setting is not set. */
  readonly otherwise?: string;
  readonly default?: string;
  readonly allowed?: readonly string[];
  /** Throws for an invalid value, with an error that uses the name. */
  readonly check?: (name: string, value: string) => void;
  readonly secret?: true;
}

/** Geographies of Konnect. @see https://developer.konghq.com/konnect-platform/geos/ */
export const KONNECT_GEOS = ['us', 'eu', 'au', 'me', 'in', 'sg'] as const;

/** Minimum number of availability zones of a Kong network. Fewer zones need a smaller range. */
const FEWEST_ZONES = 2;

/** Name of an AWS region, in the form that the construct accepts. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

function checkRegion(name: string, value: string): void {
  if (REGION.test(value)) return;
  throw wrongValue(name, value, 'must be an AWS region', {
    allowed: 'a name such as us-west-2',
    remedy: 'use a name that `aws ec2 describe-regions` prints',
  });
}

/** Number of an AWS account, or the ID under which Konnect lists it. */
const PROVIDER_ACCOUNT = /^(\d{12}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

function checkProviderAccount(name: string, value: string): void {
  if (!PROVIDER_ACCOUNT.test(value)) {
    throw wrongValue(name, value, 'must be an account of Kong', {
      allowed: 'the 12 digits of an AWS account, or the ID of a provider account in Konnect',
      remedy: 'use an account that Konnect lists, or omit it if there is only one',
    });
  }
}

/** Versions of Kong Gateway are chosen by major and minor. */
const GATEWAY_VERSION = /^\d+\.\d+$/;

function checkGatewayVersion(name: string, value: string): void {
  if (GATEWAY_VERSION.test(value)) return;
  throw wrongValue(name, value, 'must be a major and minor version', {
    allowed: 'two numbers, such as 3.14',
    remedy: 'omit the patch version: Kong chooses it',
  });
}

/** Checks what applies to every network. The number of its zones is not known yet. */
function checkKongCidr(name: string, value: string): void {
  const { kongCidrRefusals, ValidationError } =
    require('@org/ollama-eks/pure') as typeof import('@org/ollama-eks/pure');
  const [refusal] = kongCidrRefusals(name, value, { zoneCount: FEWEST_ZONES });
  if (refusal !== undefined) throw new ValidationError(refusal);
}

/** All settings. */
export const SETTINGS = {
  awsRegion: {
    flag: 'region',
    env: 'AWS_REGION',
    key: 'region',
    description: 'AWS region of the cluster',
    otherwise: "the region of the project's cluster",
    check: checkRegion,
  },
  clusterName: {
    flag: 'cluster',
    env: 'OLLAMA_EKS_CLUSTER',
    key: 'cluster',
    description: 'name of the EKS cluster',
    otherwise: "the project's only cluster",
  },
  projectDirectory: {
    flag: 'project',
    env: 'OLLAMA_EKS_PROJECT',
    description: 'folder of the CDKTF project',
    default: '.',
  },
  stateDirectory: {
    flag: 'state-dir',
    env: 'OLLAMA_EKS_STATE_DIR',
    description: 'folder in the project for files that can be regenerated, such as a kubeconfig',
    default: '.ollama-eks',
  },
  terraformBinary: {
    flag: 'terraform',
    env: 'TERRAFORM_BINARY_NAME',
    key: 'terraform',
    description: 'program that plans and applies',
    default: 'terraform',
    allowed: ['terraform', 'tofu'],
  },
  konnectToken: { env: 'KONNECT_TOKEN', description: 'Konnect token for provisioning', secret: true },
  konnectConfigToken: {
    env: 'KONNECT_CONFIG_TOKEN',
    description: 'Konnect token for syncing configuration',
    otherwise: 'the provisioning token, except in github setup',
    secret: true,
  },
  konnectGeo: {
    flag: 'konnect-region',
    env: 'KONNECT_REGION',
    key: 'konnect.region',
    description: 'Konnect geography',
    default: 'us',
    allowed: KONNECT_GEOS,
  },
  konnectGlobalUrl: {
    env: 'KONNECT_GLOBAL_URL',
    description: 'Konnect global API',
    default: 'https://global.api.konghq.com',
  },
  konnectRegionUrl: {
    env: 'KONNECT_REGION_URL',
    description: 'Konnect regional API',
    otherwise: 'the API of the geography',
  },
  controlPlane: {
    flag: 'control-plane',
    env: 'KONNECT_CONTROL_PLANE_NAME',
    key: 'konnect.controlPlane',
    description: 'name of the Konnect control plane',
    otherwise: "the cluster's name",
  },
  networkName: {
    flag: 'network',
    env: 'KONNECT_NETWORK_NAME',
    key: 'konnect.network',
    description: 'name of the cloud gateway network, which several clusters may share',
    otherwise: "the cluster's name",
  },
  kongCidr: {
    flag: 'kong-cidr',
    env: 'KONNECT_NETWORK_CIDR',
    key: 'konnect.cidr',
    description: 'CIDR of the cloud gateway network',
    otherwise: 'kongCidr of the construct',
    check: checkKongCidr,
  },
  kongZones: {
    flag: 'kong-zones',
    env: 'KONNECT_NETWORK_ZONES',
    key: 'konnect.zones',
    description: 'AZ IDs of the cloud gateway network, separated by commas',
    otherwise: 'two zones that Kong offers',
  },
  kongAccount: {
    flag: 'kong-account',
    env: 'KONNECT_PROVIDER_ACCOUNT',
    key: 'konnect.providerAccount',
    description: 'AWS account of Kong in which the network runs, 12 digits',
    otherwise: 'the only account that Konnect lists',
    check: checkProviderAccount,
  },
  gatewayVersion: {
    flag: 'gateway-version',
    env: 'KONG_GATEWAY_VERSION',
    key: 'konnect.gatewayVersion',
    description: 'Kong Gateway version of the data planes',
    default: '3.14',
    check: checkGatewayVersion,
  },
  proxyUrl: {
    flag: 'proxy-url',
    env: 'OLLAMA_EKS_URL',
    key: 'url',
    description: 'base URL of the endpoint',
    otherwise: 'the URL that Konnect reports',
  },
  apiKey: { env: 'OLLAMA_EKS_API_KEY', description: 'API key of the endpoint, for verify and client', secret: true },
  secondApiKey: {
    env: 'OLLAMA_EKS_SECOND_API_KEY',
    description: 'API key of another team, for verify --isolation',
    otherwise: 'the first key',
    secret: true,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** Origin of a value, for `--verbose` and error messages. */
export type SettingSource = 'flag' | 'environment' | '.env' | 'ollama-eks.yaml' | 'default';

/** Throws UsageError or ValidationError for an invalid value, whatever its origin. */
export function checkSetting(setting: SettingName, value: string, source?: SettingSource): void {
  const { allowed, check, ...rest }: Setting = SETTINGS[setting];
  const name = nameOf(rest, source);
  if (allowed !== undefined && !allowed.includes(value)) {
    throw wrongValue(name, value, 'is not supported', { allowed: allowed.join(', '), remedy: 'choose one of them' });
  }
  check?.(name, value);
}

/** Returns the name under which the user set the value: `--region`, `AWS_REGION`, `AWS_REGION in .env`, `region in ollama-eks.yaml`. */
function nameOf({ flag, env, key }: Pick<Setting, 'flag' | 'env' | 'key'>, source: SettingSource = 'flag'): string {
  if (source === 'environment') return env;
  if (source === '.env') return `${env} in .env`;
  if (source === 'ollama-eks.yaml') return `${key ?? env} in ollama-eks.yaml`;
  return flag === undefined ? env : `--${flag}`;
}
