// https://developer.konghq.com/gateway/pdk/reference/kong.request/

/** Header that the credential travels in from here on, and that key-auth looks at. */
export const CREDENTIAL_HEADER = 'apikey';

/**
 * What nginx reads as `x-api-key` where it takes underscores in names of headers, as Kong has it: a lookup finds them all,
 * a removal only the one that it names.
 * @see https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers
 */
const UNDERSCORED = ['x_api_key', 'x_api-key', 'x-api_key'] as const;

/** Headers that clients put their key in: Kong's own, Anthropic's SDKs, and (as Bearer token) OpenAI's and all others. */
export const CREDENTIAL_HEADERS = [CREDENTIAL_HEADER, 'x-api-key', ...UNDERSCORED, 'authorization'] as const;

/**
 * Lua that leaves one credential in one header, so that each consumer has one key however its client sends it, and
 * no other copy of it reaches Ollama. Runs before key-auth, within Kong's sandbox.
 */
export const CREDENTIAL_LUA = `-- One key, whichever header the client sends it in: apikey, x-api-key, Authorization: Bearer. The first wins.
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
