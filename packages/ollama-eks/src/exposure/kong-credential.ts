// https://developer.konghq.com/gateway/pdk/reference/kong.request/

/** Header that carries the credential from here on, and that key-auth reads. */
export const CREDENTIAL_HEADER = 'apikey';

/**
 * Names that nginx treats as `x-api-key` if underscores are allowed in header names, as in Kong: a lookup finds them all, but
 * a removal needs the exact name.
 * @see https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers
 */
const UNDERSCORED = ['x_api_key', 'x_api-key', 'x-api_key'] as const;

/** Headers in which clients send their key: Kong's own, Anthropic's SDKs', and (as a Bearer token) those of all others. */
export const CREDENTIAL_HEADERS = [CREDENTIAL_HEADER, 'x-api-key', ...UNDERSCORED, 'authorization'] as const;

/**
 * Lua that moves the credential to a single header, so that a consumer needs one key for all clients, and no other copy of
 * the key reaches Ollama. Runs before key-auth, within Kong's sandbox.
 */
export const CREDENTIAL_LUA = `-- The key may be in any of three headers: apikey, x-api-key, Authorization: Bearer. The first wins.
local function header(name)
  local value = kong.request.get_header(name)
  if type(value) == "string" and value ~= "" then return value end
end

local key = header("apikey") or header("x-api-key")
if not key then
  local authorization = header("authorization")
  key = authorization and authorization:match("^[Bb][Ee][Aa][Rr][Ee][Rr]%s+(%S+)%s*$")
end

${CREDENTIAL_HEADERS.filter((name) => name !== CREDENTIAL_HEADER)
  .map((name) => `kong.service.request.clear_header("${name}")`)
  .join('\n')}
if key then
  kong.service.request.set_header("apikey", key)
else
  kong.service.request.clear_header("apikey")
end
`;
