// https://developer.konghq.com/gateway/pdk/reference/kong.response/

/** Seconds after which a refused client may try again: about the time of one answer to a coding agent. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Header with which Envoy reports that it refused a request because the maximum number of requests is in progress.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-overloaded-set
 */
const OVERLOADED_HEADER = 'x-envoy-overloaded';

/**
 * Lua that turns the gateway's 503 into a 429 with Retry-After. The SDKs of OpenAI and Anthropic wait for as long as
 * Retry-After says, but treat a 503 as a broken server. Runs when Kong has received the gateway's headers, before it passes
 * on any part of the answer.
 */
export const OVERLOAD_LUA = `-- The gateway limits the number of requests in progress. Ask the client to try again later.
if kong.response.get_source() == "service" and kong.service.response.get_header("${OVERLOADED_HEADER}") then
  kong.response.set_status(429)
  kong.response.set_header("Retry-After", "${RETRY_AFTER_SECONDS}")
  kong.response.clear_header("${OVERLOADED_HEADER}")
end
`;
