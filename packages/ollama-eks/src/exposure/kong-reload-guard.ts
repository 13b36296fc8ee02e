// https://developer.konghq.com/plugins/post-function/
import { REQUEST_MEMBERS, REQUEST_OPTIONS, type MemberEffect, type OptionEffect } from '../catalogue/request-fields';
import type { DeckPlugin } from './deck-state';

/** Bytes of what `request-size-limiting` calls a megabyte. */
const BYTES_PER_MEGABYTE = 1024 * 1024;

/** Lua pattern of the values for which a request is refused, by what its member does. */
const REFUSED_VALUES: Readonly<Record<MemberEffect, string | undefined>> = {
  none: undefined,
  unloads: undefined,
  'reloads unless true': '^false',
};

/**
 * Lua pattern of the values that are removed: clients send them unasked, and mean what the server does anyway. `true` is
 * removed since it is not every model's default.
 */
const REMOVED_VALUES: Readonly<Record<MemberEffect, string | undefined>> = {
  none: undefined,
  unloads: '',
  'reloads unless true': '^true',
};

/** Whether a request with the option is refused, by what the option does. */
const REFUSED_OPTIONS: Readonly<Record<OptionEffect, true | undefined>> = { none: undefined, reloads: true };

/**
 * Lua that refuses a request which would make the server load the model anew, for everybody else minutes without answers,
 * and that removes what would let the model go. All else of the body goes on as it came. It reads names where the server
 * does, and as the server does: a name may come twice, in any case, with escapes (Go's `encoding/json`). Options are
 * refused in any case of letters, too, which the server would not know. Contents of strings are skipped, so that a prompt
 * may speak of all of them. A body that is not JSON may be damaged: the server refuses it before it reads a name.
 *
 * Runs after the key and the limits were checked, within Kong's sandbox; the body may lie in a file, which Kong reads up
 * to the limit of a request (since 3.8).
 * @see https://developer.konghq.com/gateway/pdk/reference/kong.request/#kong-request-get-raw-body-max-allowed-file-size
 * @see https://developer.konghq.com/gateway/pdk/reference/kong.service.request/#kong-service-request-set-raw-body-body
 */
export function reloadGuardLua(maxRequestMegabytes: number): string {
  return `-- A model stays loaded as its operator has loaded it. What would load it anew is refused; what would let it go is removed.
local REFUSED = ${luaTable(REQUEST_MEMBERS, REFUSED_VALUES)}
local REFUSED_OPTIONS = ${luaTable(REQUEST_OPTIONS, REFUSED_OPTIONS)}
local REMOVED = ${luaTable(REQUEST_MEMBERS, REMOVED_VALUES)}

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

-- Where the string ends that begins at a quote; nil where it does not end.
local function closingQuote(body, quote)
  local at = string.find(body, '["\\\\]', quote + 1)
  while at and string.byte(body, at) == 92 do at = string.find(body, '["\\\\]', at + 2) end
  return at
end

-- Returns the name for which a body is refused; or else the body without what is removed, where something is.
local function read(body)
  local depth, position = 0, 1
  local member, start, removed -- the member of the request that is being read
  local pieces, copied, isFirst = {}, 0, true
  while true do
    local at = string.find(body, depth == 1 and '["{}%[%],]' or '["{}%[%]]', position)
    if not at then break end
    local sign = string.sub(body, at, at)
    position = at + 1
    if sign == '"' then
      local close = closingQuote(body, at)
      if not close then break end
      position = close + 1
      local isOption = depth == 2 and member == "options"
      local isName, colon = nil, nil
      if depth == 1 or isOption then isName, colon = string.find(body, "^%s*:%s*", position) end
      if isName then
        local name = folded(string.sub(body, at + 1, close - 1))
        if isOption then
          if REFUSED_OPTIONS[name] then return "options." .. name end
        else
          if REFUSED[name] and string.find(body, REFUSED[name], colon + 1) then return name end
          member, removed = name, REMOVED[name] and string.find(body, REMOVED[name], colon + 1)
        end
      end
    elseif sign == "{" or sign == "[" then
      depth = depth + 1
      if depth == 1 then start = position end
    else
      if depth == 1 then
        if not removed then
          isFirst = false
        elseif isFirst then -- goes with the comma behind it
          table.insert(pieces, string.sub(body, copied + 1, start - 1))
          copied = sign == "," and at or at - 1
        else -- goes with the comma before it
          table.insert(pieces, string.sub(body, copied + 1, start - 2))
          copied = at - 1
        end
        start, removed = position, nil
      end
      if sign ~= "," then depth = depth - 1 end
      if depth <= 0 then break end
    end
  end
  if copied == 0 then return nil, nil end
  table.insert(pieces, string.sub(body, copied + 1))
  return nil, table.concat(pieces)
end

local body = kong.request.get_raw_body(${maxRequestMegabytes * BYTES_PER_MEGABYTE})
if not body then
  return kong.response.exit(413, { error = "the request is too large to be read" })
end
local refused, rest = read(body)
if refused then
  return kong.response.exit(400, { error = refused .. " is set by the operator of this endpoint: leave it out" })
end
if rest then kong.service.request.set_raw_body(rest) end
`;
}

/**
 * What stands before Ollama's own routes. It is not needed before those of OpenAI and Anthropic: their requests are
 * translated field by field, and none of these fields is among them.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/openai/openai.go (FromChatRequest, FromCompleteRequest)
 * @see https://github.com/ollama/ollama/blob/v0.32.15/anthropic/anthropic.go (FromMessagesRequest)
 */
export function reloadGuard(maxRequestMegabytes: number): DeckPlugin {
  return { name: 'post-function', config: { access: [reloadGuardLua(maxRequestMegabytes)] } };
}

/** The fields for which there is a value, as a table of Lua. */
function luaTable<Effect extends string>(
  fields: Readonly<Record<string, Effect>>,
  values: Readonly<Record<Effect, string | true | undefined>>,
): string {
  const entries = Object.entries(fields).flatMap(([name, effect]) => {
    const value = values[effect];
    return value === undefined ? [] : [`${name} = ${JSON.stringify(value)}`];
  });
  return `{ ${entries.join(', ')} }`;
}
