// https://developer.konghq.com/plugins/
import type { DeckPlugin } from './deck-state';
import { CREDENTIAL_HEADER, CREDENTIAL_HEADERS, CREDENTIAL_LUA } from './kong-credential';
import { OVERLOAD_LUA } from './kong-overload';

/** Health is asked by monitors, not by users: enough for a dozen of them behind one address. */
const HEALTH_REQUESTS_PER_MINUTE = 60;

/** A terabyte: more than the file of any model that Ollama serves; what the server's volume holds ends it before. */
const LARGEST_UPLOAD_MEGABYTES = 1024 * 1024;

/** Group of the consumers that may call admin routes. */
export const ADMIN_GROUP = 'ollama-admins';

/** Limits of every consumer. */
export interface KongLimits {
  /** Requests of one consumer a minute, counted by each of Kong's nodes for itself. */
  readonly requestsPerMinute: number;
  /** Largest request body, in megabytes. */
  readonly maxRequestMegabytes: number;
}

/** What stands before the server: one credential, limits, an id to find a request by, and when to come back. */
export function gatekeepers(limits: KongLimits): DeckPlugin[] {
  return [
    { name: 'pre-function', config: { access: [CREDENTIAL_LUA], header_filter: [OVERLOAD_LUA] } },
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

/** For the upload of a model's file, in place of the limit of requests: what `create` is made from has gigabytes. */
export function uploadLimit(): DeckPlugin {
  return sizeLimit(LARGEST_UPLOAD_MEGABYTES);
}

/** Only members of the admin group. */
export function adminsOnly(): DeckPlugin {
  return { name: 'acl', config: { allow: [ADMIN_GROUP], hide_groups_header: true } };
}

/** What stands before health, which needs no key: a key that is sent all the same goes no further. */
export function healthGatekeepers(): DeckPlugin[] {
  return [
    rateLimit('ip', HEALTH_REQUESTS_PER_MINUTE),
    { name: 'request-transformer', config: { remove: { headers: [...CREDENTIAL_HEADERS] } } },
  ];
}

function sizeLimit(megabytes: number): DeckPlugin {
  return { name: 'request-size-limiting', config: { allowed_payload_size: megabytes, size_unit: 'megabytes' } };
}

/** `local` is what works in Konnect without a Redis of one's own. */
function rateLimit(by: 'consumer' | 'ip', minute: number): DeckPlugin {
  return { name: 'rate-limiting', config: { minute, limit_by: by, policy: 'local' } };
}
