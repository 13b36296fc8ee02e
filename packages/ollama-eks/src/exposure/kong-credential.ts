// https://developer.konghq.com/gateway/pdk/reference/kong.request/

/** Header that the credential travels in from here on, and that key-auth looks at. */
export const CREDENTIAL_HEADER = 'apikey';

/** Headers that clients put their key in: Kong's own, Anthropic's SDKs, and (as Bearer token) OpenAI's and all others. */
export const CREDENTIAL_HEADERS = [CREDENTIAL_HEADER, 'x-api-key', 'authorization'] as const;

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

kong.service.request.clear_header("x-api-key")
kong.service.request.clear_header("authorization")
if key then
  kong.service.request.set_header("apikey", key)
else
  kong.service.request.clear_header("apikey")
end
`;
