import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { UsageError, wrongValue } from './errors';
import { readTextFile } from './text-file';

/** One setting: what it is called where. A flag beats the environment, that beats `.env`, that beats `ollama-eks.yaml`. */
export interface Setting {
  /** Long flag, without the dashes; secrets have none: they would stand in the process list. */
  readonly flag?: string;
  readonly env: string;
  /** Key in `ollama-eks.yaml`; secrets have none: the file is committed. */
  readonly key?: string;
  readonly description: string;
  /** What is used when nobody sets it, in words. */
  readonly otherwise?: string;
  readonly default?: string;
  readonly allowed?: readonly string[];
  /** Throws for a value that it can't have; the error calls it by the name. */
  readonly check?: (name: string, value: string) => void;
  readonly secret?: true;
}

/** Geographies of Konnect. @see https://developer.konghq.com/konnect-platform/geos/ */
export const KONNECT_GEOS = ['us', 'eu', 'au', 'me', 'in', 'sg'] as const;

/** Availability zones that a network of Kong's has at least: the fewest ask least of its range. */
const FEWEST_ZONES = 2;

/** Name of a region, as the construct takes it. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

function checkRegion(name: string, value: string): void {
  if (!REGION.test(value)) throw wrongValue(name, value, 'must be an AWS region, e.g. us-west-2');
}

/** What holds wherever the network will be: how many zones it gets is not known yet. */
function checkKongCidr(name: string, value: string): void {
  const { kongCidrRefusals, ValidationError } =
    require('@org/ollama-eks/pure') as typeof import('@org/ollama-eks/pure');
  const [refusal] = kongCidrRefusals(name, value, { zoneCount: FEWEST_ZONES });
  if (refusal !== undefined) throw new ValidationError(refusal);
}

/** Everything that can be set, once. */
export const SETTINGS = {
  awsRegion: {
    flag: 'region',
    env: 'AWS_REGION',
    key: 'region',
    description: 'AWS region of the cluster',
    otherwise: "that of the project's cluster",
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
    description: 'folder in the project for what can be written again, such as a kubeconfig',
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
  konnectToken: { env: 'KONNECT_TOKEN', description: 'Konnect token that provisions', secret: true },
  konnectConfigToken: {
    env: 'KONNECT_CONFIG_TOKEN',
    description: 'Konnect token that syncs configuration',
    otherwise: 'the provisioning token',
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
    otherwise: 'that of the geography',
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
    description: 'name of the cloud gateway network, which others may share',
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
    description: 'AZ ids of the cloud gateway network, comma separated',
    otherwise: 'two that Kong offers',
  },
  kongAccount: {
    flag: 'kong-account',
    env: 'KONNECT_PROVIDER_ACCOUNT',
    key: 'konnect.providerAccount',
    description: "AWS account of Kong's that the network runs in, 12 digits",
    otherwise: 'the only one that Konnect lists',
  },
  gatewayVersion: {
    flag: 'gateway-version',
    env: 'KONG_GATEWAY_VERSION',
    key: 'konnect.gatewayVersion',
    description: 'Kong Gateway version of the data planes',
    default: '3.14',
  },
  proxyUrl: {
    flag: 'proxy-url',
    env: 'OLLAMA_EKS_URL',
    key: 'url',
    description: 'base URL of the endpoint',
    otherwise: 'what Konnect says',
  },
  apiKey: { env: 'OLLAMA_EKS_API_KEY', description: 'API key of the endpoint, for verify and client', secret: true },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** Where a value came from, for `--verbose` and error messages. */
export type SettingSource = 'flag' | 'environment' | '.env' | 'ollama-eks.yaml' | 'default';

/** All settings, resolved. */
export class Settings {
  private constructor(private readonly values: ReadonlyMap<SettingName, { value: string; source: SettingSource }>) {}

  /**
   * Resolves every setting. Files are parsed, never executed.
   * Throws UsageError for an unknown key in `ollama-eks.yaml` and for a value that is not allowed.
   */
  public static resolve(
    flags: Readonly<Record<string, unknown>>,
    environment: Readonly<Record<string, string | undefined>>,
    directory: string,
  ): Settings {
    const dotenv = readDotenv(join(directory, '.env'));
    const file = readSettingsFile(join(directory, 'ollama-eks.yaml'));
    const values = new Map<SettingName, { value: string; source: SettingSource }>();
    for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
      const found = lookUp(setting, flags, environment, dotenv, file);
      if (found === undefined) continue;
      checkSetting(name, found.value, found.source);
      values.set(name, found);
    }
    return new Settings(values);
  }

  /** The value, or undefined where none is set. */
  public get(name: SettingName): string | undefined {
    return this.values.get(name)?.value;
  }

  /**
   * The value; throws UsageError that tells how to set it.
   * @param instead what does as well, in words
   */
  public require(name: SettingName, instead?: string): string {
    const value = this.get(name);
    if (value === undefined) {
      const ways = [howToSet(SETTINGS[name]), instead].filter(Boolean).join('; ');
      throw new UsageError(`${SETTINGS[name].description} is not set`, { remedy: ways });
    }
    return value;
  }

  /** Every secret that is set, with its variable. */
  public secrets(): readonly (readonly [string, string])[] {
    return [...this.values].flatMap(([name, { value }]) => {
      const { env, secret }: Setting = SETTINGS[name];
      return secret === true ? [[env, value] as const] : [];
    });
  }

  /** Where the value came from. */
  public source(name: SettingName): SettingSource | undefined {
    return this.values.get(name)?.source;
  }
}

/** Throws UsageError, or the library's own error, for a value that the setting can't have, whatever it is set by. */
export function checkSetting(setting: SettingName, value: string, source?: SettingSource): void {
  const { allowed, check, ...rest }: Setting = SETTINGS[setting];
  const name = source === undefined ? nameOf(rest) : `${nameOf(rest)} (${source})`;
  if (allowed !== undefined && !allowed.includes(value)) {
    throw wrongValue(name, value, 'is not supported', { allowed: allowed.join(', ') });
  }
  check?.(name, value);
}

function lookUp(
  setting: Setting,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
  dotenv: Readonly<Record<string, string>>,
  file: ReadonlyMap<string, string>,
): { value: string; source: SettingSource } | undefined {
  const candidates: [unknown, SettingSource][] = [
    [setting.flag === undefined ? undefined : flags[camelCase(setting.flag)], 'flag'],
    [environment[setting.env], 'environment'],
    [setting.secret && readSecret(setting.env, environment), 'environment'],
    [dotenv[setting.env], '.env'],
    [setting.key === undefined ? undefined : file.get(setting.key), 'ollama-eks.yaml'],
    [setting.default, 'default'],
  ];
  for (const [value, source] of candidates) {
    if (typeof value === 'string' && value !== '') return { value, source };
  }
  return undefined;
}

/** A secret may stand in a file of its own, whose path is in `NAME_FILE`: so it is in no environment. */
function readSecret(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const path = environment[`${name}_FILE`];
  if (path === undefined || path === '') return undefined;
  return readTextFile(path, `${name}_FILE is ${JSON.stringify(path)}, which`).trim();
}

function readDotenv(path: string): Record<string, string> {
  return existsSync(path) ? parseDotenv(readTextFile(path)) : {};
}

function readSettingsFile(path: string): Map<string, string> {
  const flat = new Map<string, string>();
  if (!existsSync(path)) return flat;
  flatten(parseYaml(path, readTextFile(path)), '', flat);
  const known = new Set(Object.values(SETTINGS).flatMap((setting: Setting) => setting.key ?? []));
  for (const key of flat.keys()) {
    if (!known.has(key)) {
      throw new UsageError(`${path}: unknown key ${JSON.stringify(key)}`, {
        allowed: [...known].sort().join(', '),
      });
    }
  }
  return flat;
}

function parseYaml(path: string, text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const line = cause.mark === undefined ? '' : ` in line ${String(cause.mark.line + 1)}`;
    throw new UsageError(`${path} is not YAML: ${cause.reason}${line}`);
  }
}

function flatten(value: unknown, prefix: string, into: Map<string, string>): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) into.set(prefix, value.join(','));
  else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into);
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    into.set(prefix, String(value));
  }
}

function nameOf({ flag, env }: Pick<Setting, 'flag' | 'env'>): string {
  return flag === undefined ? env : `--${flag}`;
}

function howToSet({ flag, env, key, secret }: Setting): string {
  const ways = [
    flag && `--${flag}`,
    `the environment variable ${env}`,
    secret && `${env}_FILE with the path of a file`,
    key && `${key} in ollama-eks.yaml`,
  ];
  return `set it by ${ways.filter(Boolean).join(', ')}`;
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
