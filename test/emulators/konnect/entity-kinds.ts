import type { Json } from './answers';
import { PLUGIN_PROTOCOLS } from './plugin-schema';

/** Rules of Kong for a kind of entity. */
export interface Kind {
  /** Fields, or sets of fields, that must be unique. */
  readonly unique?: readonly (readonly string[])[];
  /** `service: {id}` must refer to one of `services`. */
  readonly foreign?: Readonly<Record<string, string>>;
  readonly defaults?: Json;
  /** Name of its schema in the specification, and of its validation endpoint. */
  readonly schema?: { readonly name: string; readonly endpoint: string };
}

const SERVICE_DEFAULTS = {
  protocol: 'http', port: 80, connect_timeout: 60000, read_timeout: 60000, write_timeout: 60000, retries: 5, enabled: true,
}; // prettier-ignore

/** Gateway 3.14 made https the only default protocol. */
const ROUTE_DEFAULTS = {
  protocols: ['https'], https_redirect_status_code: 426, path_handling: 'v0', preserve_host: false, regex_priority: 0,
  request_buffering: true, response_buffering: true, strip_path: true,
}; // prettier-ignore

const UPSTREAM_DEFAULTS = {
  algorithm: 'round-robin', hash_on: 'none', hash_fallback: 'none', hash_on_cookie_path: '/', slots: 10000, use_srv_name: false,
}; // prettier-ignore

const TARGET_DEFAULTS = { weight: 100 };

/** Kinds with rules; others are stored unchanged. https://developer.konghq.com/api/konnect/control-planes-config/v2/ */
export const KINDS: Readonly<Record<string, Kind>> = {
  services: { unique: [['name']], defaults: SERVICE_DEFAULTS, schema: { name: 'Service', endpoint: 'services' } },
  routes: {
    unique: [['name']],
    foreign: { service: 'services' },
    defaults: ROUTE_DEFAULTS,
    schema: { name: 'Route', endpoint: 'routes' },
  },
  plugins: {
    unique: [['name', 'service', 'route', 'consumer', 'consumer_group']],
    foreign: { service: 'services', route: 'routes', consumer: 'consumers', consumer_group: 'consumer_groups' },
    defaults: { enabled: true, protocols: PLUGIN_PROTOCOLS },
    schema: { name: 'Plugin', endpoint: 'plugins' },
  },
  consumers: { unique: [['username'], ['custom_id']], schema: { name: 'Consumer', endpoint: 'consumers' } },
  'key-auths': {
    unique: [['key']],
    foreign: { consumer: 'consumers' },
    schema: { name: 'KeyAuth', endpoint: 'keyauth_credentials' },
  },
  acls: {
    unique: [['consumer', 'group']],
    foreign: { consumer: 'consumers' },
    schema: { name: 'ACL', endpoint: 'acls' },
  },
  upstreams: { unique: [['name']], defaults: UPSTREAM_DEFAULTS, schema: { name: 'Upstream', endpoint: 'upstreams' } },
  targets: {
    foreign: { upstream: 'upstreams' },
    defaults: TARGET_DEFAULTS,
    schema: { name: 'Target', endpoint: 'targets' },
  },
  ca_certificates: { unique: [['cert']], schema: { name: 'CACertificate', endpoint: 'ca_certificates' } },
};

/** Names of credentials under a consumer, which differ from those of their lists. */
export const CREDENTIALS: Readonly<Record<string, string>> = { 'key-auth': 'key-auths', acls: 'acls' };

/** Other kinds that decK lists. */
export const OTHER_KINDS = [
  'certificates', 'snis', 'vaults', 'partials', 'keys', 'key-sets', 'filter-chains', 'consumer_groups', 'hmac-auths',
  'jwts', 'basic-auths', 'mtls-auths', 'degraphql_routes', 'ai-models',
]; // prettier-ignore

/** Plain JSON Schemas of entities, which decK reads defaults from. */
export const ENTITY_SCHEMAS: Readonly<Record<string, Json>> = {
  service: SERVICE_DEFAULTS,
  route: ROUTE_DEFAULTS,
  upstream: UPSTREAM_DEFAULTS,
  target: TARGET_DEFAULTS,
};

/** Kinds that are written under their owner. */
export interface Nested {
  readonly parent: string;
  /** Field that refers to the owner. */
  readonly field: string;
  readonly name: string;
  readonly kind: string;
}

export const NESTED: readonly Nested[] = [
  ...Object.entries(CREDENTIALS).map(([name, kind]) => ({ parent: 'consumers', field: 'consumer', name, kind })),
  { parent: 'upstreams', field: 'upstream', name: 'targets', kind: 'targets' },
];
