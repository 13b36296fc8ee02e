// https://developer.konghq.com/plugins/post-function/
import { CUTTING_PATHS, REQUEST_MEMBERS, REQUEST_OPTIONS, type MemberEffect } from '../catalogue/request-fields';
import type { DeckPlugin } from './deck-state';

/** Bytes per megabyte, as defined by `request-size-limiting`. */
const BYTES_PER_MEGABYTE = 1024 * 1024;

/**
 * Largest cost of a check. In LuaJIT, the most expensive request of 32 MiB took 0.24 s of CPU (2.2 s without a budget). A prompt that fills
 * a context of a million tokens costs less, even if every sixth character is an escaped quote.
 */
const BUDGET = 1_000_000;

/** Bytes of the longest known name, with every letter as `\u0061`. */
const LONGEST_NAME =
  6 * Math.max(...[...Object.keys(REQUEST_MEMBERS), ...Object.keys(REQUEST_OPTIONS)].map((name) => name.length));

/** What happens to a member of a request, by the member's effect. */
interface Rule {
  /** Lua pattern of the values for which the request is refused. */
  readonly refused?: string;
  /**
   * Lua pattern of the values that are removed: clients send them by default, and they ask for what the server does anyway.
   * `true` is removed because it is not the default of every model.
   */
  readonly removed?: string;
  /** Value that is added if the client sets none. */
  readonly added?: string;
}

const RULES: Readonly<Record<MemberEffect, Rule>> = {
  none: {},
  unloads: { removed: '' },
  'reloads unless true': { refused: '^false', removed: '^true' },
  'cuts unless false': { removed: '^null', added: 'false' },
};

/**
 * Lua that refuses requests that would make the server reload its model, during which nobody gets answers, and that removes
 * fields that would unload the model. Prompts that are longer than the context get an error instead of being cut, unless
 * the client sets `truncate`. The rest of the body is passed on unchanged. It reads names in the same places and in
 * the same way as the server: a name may occur twice, in any case, with escapes (Go's `encoding/json`). Options are refused
 * in any case, although the server would ignore them unless they are lowercase. Contents of strings are skipped, so that a
 * prompt may mention any of these fields. Requests that are too expensive to check are refused. A body that is not JSON may be damaged, but the server refuses it anyway.
 *
 * Runs within Kong's sandbox, after the key and the limits were checked. If the body is stored in a file, Kong reads it up
 * to the size limit of requests (since 3.8).
 * @see https://developer.konghq.com/gateway/pdk/reference/kong.request/#kong-request-get-raw-body-max-allowed-file-size
 * @see https://developer.konghq.com/gateway/pdk/reference/kong.service.request/#kong-service-request-set-raw-body-body
 */
export function reloadGuardLua(maxRequestMegabytes: number): string {
  return `-- A model stays loaded as its operator configured it: fields that would reload it are refused, and those that would unload
-- it are removed.
local REFUSED = ${luaTable(membersWith('refused'))}
local REFUSED_OPTIONS = ${luaTable(RELOADING_OPTIONS)}
local REMOVED = ${luaTable(membersWith('removed'))}
-- A prompt that is longer than the context is an error, unless the client wants it cut.
local ADDED = ${luaTable(membersWith('added'))}
local ADDED_AT = ${luaTable(CUTTING_PATHS.map((path) => [path, true]))}

-- What checking a request may cost: 1 for each string, bracket, comma, and backslash before a quote, and 1 for each eight
-- bytes outside of strings. A request that costs more is refused: in the meantime, this worker of Kong serves nobody else.
local budget = ${BUDGET}

local function unescaped(digits)
  local code = tonumber(digits, 16)
  if code == 0x17f then return "s" end
  if code == 0x212a then return "k" end
  return code < 128 and string.char(code) or "?"
end

-- Folds a name as Go does: without case, and with the long s and the Kelvin sign as the letters that they look like.
-- Returns nil for a name that is longer than all that matter, even with every letter escaped.
local function folded(name)
  if #name > ${LONGEST_NAME} then return nil end
  name = string.lower((string.gsub(name, "\\\\u(%x%x%x%x)", unescaped)))
  return (string.gsub(string.gsub(name, "\\197\\191", "s"), "\\226\\132\\170", "k"))
end

-- Returns the position of the closing quote of a string; nil if there is none. A quote is escaped if the number of
-- backslashes before it is odd.
local function closingQuote(body, opening)
  local at = opening
  while budget > 0 do
    at = string.find(body, '"', at + 1, true)
    if not at then return nil end
    local first = at
    while budget > 0 and string.byte(body, first - 1) == 92 do
      first, budget = first - 1, budget - 1
    end
    budget = budget - 1
    if (at - first) % 2 == 0 then return at end
  end
end

-- Pays for the bytes between a position outside of strings and the next string, before they are searched.
local function payUntilString(body, position)
  local opening = string.find(body, '"', position, true) or #body
  budget = budget - (opening - position) / 8
end

-- Returns the name for which a body is refused, or else the body without the removed fields; nil if it is unchanged. Fills
-- in the names of the members that stay. Stops when the budget is spent.
local function read(body, present)
  local depth, position = 0, 1
  local member, start, removed -- the current member of the request
  local pieces, copied, isFirst = {}, 0, true
  payUntilString(body, position)
  while budget > 0 do
    local at = string.find(body, depth == 1 and '["{}%[%],]' or '["{}%[%]]', position)
    if not at then break end
    local sign = string.sub(body, at, at)
    position, budget = at + 1, budget - 1
    if sign == '"' then
      local close = closingQuote(body, at)
      if not close then break end
      position = close + 1
      payUntilString(body, position)
      if budget <= 0 then break end
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
          if name and not removed then present[name] = true end
        end
      end
    elseif sign == "{" or sign == "[" then
      depth = depth + 1
      if depth == 1 then start = position end
    else
      if depth == 1 then
        if not removed then
          isFirst = false
        elseif isFirst then -- remove the comma after it, too
          table.insert(pieces, string.sub(body, copied + 1, start - 1))
          copied = sign == "," and at or at - 1
        else -- remove the comma before it, too
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
local present = {}
local refused, rest = read(body, present)
if budget <= 0 then
  return kong.response.exit(413, { error = "the request has too many fields, strings, or brackets" })
end
if refused then
  return kong.response.exit(400, { error = refused .. " is set by the operator of this endpoint: leave it out" })
end
if ADDED_AT[kong.request.get_path()] then
  for name, value in pairs(ADDED) do
    if not present[name] then rest = string.gsub(rest or body, '^(%s*{)(%s*")', '%1"' .. name .. '":' .. value .. ',%2') end
  end
end
if rest then kong.service.request.set_raw_body(rest) end
`;
}

/**
 * Plugin for Ollama's own routes. Those of OpenAI and Anthropic do not need it: their requests are translated field by
 * field, and have none of these fields.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/openai/openai.go (FromChatRequest, FromCompleteRequest)
 * @see https://github.com/ollama/ollama/blob/v0.32.15/anthropic/anthropic.go (FromMessagesRequest)
 */
export function reloadGuard(maxRequestMegabytes: number): DeckPlugin {
  return { name: 'post-function', config: { access: [reloadGuardLua(maxRequestMegabytes)] } };
}

type Entry = readonly [key: string, value: string | true];

/** Options for which a request is refused. */
const RELOADING_OPTIONS = Object.entries(REQUEST_OPTIONS).flatMap(([name, effect]): Entry[] =>
  effect === 'reloads' ? [[name, true]] : [],
);

/** Returns the members whose rule has this part, with its value. */
function membersWith(part: keyof Rule): readonly Entry[] {
  return Object.entries(REQUEST_MEMBERS).flatMap(([name, effect]): Entry[] => {
    const value = RULES[effect][part];
    return value === undefined ? [] : [[name, value]];
  });
}

function luaTable(entries: readonly Entry[]): string {
  return `{ ${entries.map(([key, value]) => `[${JSON.stringify(key)}] = ${JSON.stringify(value)}`).join(', ')} }`;
}
