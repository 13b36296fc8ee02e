// https://developer.konghq.com/gateway/pdk/reference/kong.response/

/** Seconds after which a client that was refused may try again: about what one answer of a coding agent takes. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Header by which Envoy tells that it let a request through no more, since as many as are allowed are under way.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-overloaded-set
 */
const OVERLOADED_HEADER = 'x-envoy-overloaded';

/**
 * Lua that says "too many requests" in the words that clients understand: SDKs of OpenAI and Anthropic wait as long as
 * a 429 asks for, and take a 503 for a server that is broken. Runs when the gateway's headers are there, before any byte
 * of the answer is passed on.
 */
export const OVERLOAD_LUA = `-- The gateway lets no more requests through than the servers work on and hold waiting: say when to come back.
if kong.response.get_source() == "service" and kong.service.response.get_header("${OVERLOADED_HEADER}") then
  kong.response.set_status(429)
  kong.response.set_header("Retry-After", "${RETRY_AFTER_SECONDS}")
  kong.response.clear_header("${OVERLOADED_HEADER}")
end
`;
