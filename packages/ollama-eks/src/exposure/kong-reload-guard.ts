// https://developer.konghq.com/plugins/post-function/
import type { DeckPlugin } from './deck-state';

/** Bytes of what `request-size-limiting` calls a megabyte. */
const BYTES_PER_MEGABYTE = 1024 * 1024;

/**
 * Options that belong to the loaded model, not to the request: another value of one makes the server load the model anew.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/api/types.go (Runner)
 */
export const RELOADING_OPTIONS = ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'use_mmap', 'num_thread'] as const;

/**
 * Lua that refuses a request which would make the server load the model anew, or let it go: for everybody else that is
 * minutes without answers. It reads names where the server does, and as the server does: a name may come twice, in any
 * case, with escapes (Go's `encoding/json`); `null` sets nothing. Contents of strings are skipped, so that a prompt may
 * speak of all of them. Runs after the key and the limits were checked, within Kong's sandbox; the body may lie in a
 * file, which Kong reads up to the limit of a request (since 3.8).
 * @see https://developer.konghq.com/gateway/pdk/reference/kong.request/#kong-request-get-raw-body-max-allowed-file-size
 */
export function reloadGuardLua(maxRequestMegabytes: number): string {
  const options = RELOADING_OPTIONS.map((name) => `${name} = true`).join(', ');
  return `-- A model stays loaded as its operator has loaded it: keep_alive and the options of a load are refused.
local LOADING = { ${options} }

local function unescaped(digits)
  local code = tonumber(digits, 16)
  if code == 0x17f then return "s" end
  if code == 0x212a then return "k" end
  return code < 128 and string.char(code) or "?"
end

-- A name as Go compares it: without case, and with the long s and the sign of Kelvin for what they look like.
local function folded(name)
  name = string.lower((string.gsub(name, "\\\\u(%x%x%x%x)", unescaped)))
  return (string.gsub(string.gsub(name, "\\197\\191", "s"), "\\226\\132\\170", "k"))
end

local function refused(body)
  local depth, owner, position = 0, nil, 1
  while true do
    local at = string.find(body, '["{}%[%]]', position)
    if not at then return nil end
    local sign = string.sub(body, at, at)
    position = at + 1
    if sign == '"' then
      local close = string.find(body, '["\\\\]', position)
      while close and string.byte(body, close) == 92 do close = string.find(body, '["\\\\]', close + 2) end
      if not close then return nil end
      position = close + 1
      if depth == 1 or (depth == 2 and owner == "options") then
        local isName, colon = string.find(body, "^%s*:%s*", position)
        local isSet = isName and not string.find(body, "^null", colon + 1)
        local name = isName and folded(string.sub(body, at + 1, close - 1))
        if isName and depth == 1 then owner = name end
        if isSet and depth == 1 and name == "keep_alive" then return name end
        if isSet and depth == 2 and LOADING[name] then return "options." .. name end
      end
    elseif sign == "{" or sign == "[" then
      depth = depth + 1
    else
      depth = depth - 1
    end
  end
end

local body = kong.request.get_raw_body(${maxRequestMegabytes * BYTES_PER_MEGABYTE})
if not body then
  return kong.response.exit(413, { error = "the request is too large to be read" })
end
local name = refused(body)
if name then
  return kong.response.exit(400, { error = name .. " is set by the operator of this endpoint: leave it out" })
end
`;
}

/** What stands before Ollama's own routes, and not before those of OpenAI and Anthropic, which can't set such options. */
export function reloadGuard(maxRequestMegabytes: number): DeckPlugin {
  return { name: 'post-function', config: { access: [reloadGuardLua(maxRequestMegabytes)] } };
}
