// https://developer.konghq.com/plugins/
import type { DeckPlugin } from './deck-state';
import { CREDENTIAL_HEADER, CREDENTIAL_HEADERS, CREDENTIAL_LUA } from './kong-credential';

/** Monitors request health, not users: this is enough for a dozen monitors with the same address. */
const HEALTH_REQUESTS_PER_MINUTE = 60;

/** A terabyte, which is more than the file of any model. The server's volume is the actual limit. */
const LARGEST_UPLOAD_MEGABYTES = 1024 * 1024;

/** Group of the consumers that may call admin routes. */
export const ADMIN_GROUP = 'ollama-admins';

/** Limits that apply to each consumer. */
export interface KongLimits {
  /** Requests per minute and consumer, counted separately by each of Kong's nodes. */
  readonly requestsPerMinute: number;
  /** Largest request body, in megabytes. */
  readonly maxRequestMegabytes: number;
}

/** Returns the plugins that protect the server: authentication, limits, and correlation IDs. */
export function gatekeepers(limits: KongLimits): DeckPlugin[] {
  return [
    { name: 'pre-function', config: { access: [CREDENTIAL_LUA] } },
    {
      name: 'key-auth',
      config: {
        key_names: [CREDENTIAL_HEADER],
        key_in_header: true,
        key_in_query: false, // a key in a URL ends up in logs
        key_in_body: false,
        hide_credentials: true,
      },
    },
    rateLimit('consumer', limits.requestsPerMinute),
    sizeLimit(limits.maxRequestMegabytes),
    {
      name: 'correlation-id',
      config: { header_name: 'X-Correlation-ID', generator: 'uuid', echo_downstream: true },
    },
  ];
}

/**
 * Fields of a log entry, each with the Lua that returns it; one that is `nil` is left out. Kong's own entry has every header and the
 * query of a request and of its answer, of which Kong redacts only `Authorization`; here these parts are left out, and method, path and
 * status added. What is left says who (consumer, address), when, how long, and which upstream answered. No entry has a body.
 * @see https://developer.konghq.com/support/how-to-modify-the-logging-plugins-output-format/
 */
const LOGGED_FIELDS: Readonly<Record<string, string>> = {
  request: 'return nil',
  response: 'return nil',
  upstream_uri: 'return nil',
  route: 'return nil',
  service: 'return nil',
  method: 'return kong.request.get_method()',
  path: 'return kong.request.get_path()',
  status: 'return kong.response.get_status()',
};

/** Sends an entry for each request to a collector. The plugin `prometheus` does not exist on dedicated cloud gateways. */
export function requestLog(endpoint: string): DeckPlugin {
  return {
    name: 'http-log',
    config: {
      http_endpoint: endpoint,
      method: 'POST',
      content_type: 'application/json',
      custom_fields_by_lua: LOGGED_FIELDS,
    },
  };
}

/** Replaces the size limit of requests for uploads of a model's file, which can have many gigabytes. */
export function uploadLimit(): DeckPlugin {
  return sizeLimit(LARGEST_UPLOAD_MEGABYTES);
}

/** Admits only members of the admin group. */
export function adminsOnly(): DeckPlugin {
  return { name: 'acl', config: { allow: [ADMIN_GROUP], hide_groups_header: true } };
}

/** Returns the plugins of the health route, which does not require a key. If a client sends one, it is removed. */
export function healthGatekeepers(): DeckPlugin[] {
  return [
    rateLimit('ip', HEALTH_REQUESTS_PER_MINUTE),
    { name: 'request-transformer', config: { remove: { headers: [...CREDENTIAL_HEADERS] } } },
  ];
}

function sizeLimit(megabytes: number): DeckPlugin {
  return { name: 'request-size-limiting', config: { allowed_payload_size: megabytes, size_unit: 'megabytes' } };
}

/** Without your own Redis, `local` is the only policy that works in Konnect. */
function rateLimit(by: 'consumer' | 'ip', minute: number): DeckPlugin {
  return { name: 'rate-limiting', config: { minute, limit_by: by, policy: 'local' } };
}
