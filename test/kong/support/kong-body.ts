/** The body of a request in Kong's access phase: runs a function in a Lua VM with a double of Kong's PDK. */
import { LuaProgram } from './lua';

/** Kong's own answer. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
}

/** Body that the server receives: the original one or its replacement. A refused request has none. */
export type Passage = { readonly refusal: Refusal } | { readonly body: string; readonly changed: boolean };

/**
 * Runs a function of the access phase on a body.
 * @param body undefined for a body that Kong cannot read
 * @param globals further strings that the function reads, by name
 */
export function accessWithBody(
  code: string,
  body: string | undefined,
  path: string,
  globals: Readonly<Record<string, string>> = {},
): Passage {
  const [verb = '', first = '', second = ''] = compiled(code)
    .run({ ...globals, path, sent: body })
    .split('\0');
  if (verb === 'exit') return { refusal: { status: Number(first), error: second } };
  return { body: verb === 'body' ? first : (body ?? ''), changed: verb === 'body' };
}

/** Returns how many bytes a function of the access phase reads or copies; a byte that is read twice counts twice. */
export function bytesRead(code: string, body: string): number {
  return Number(new LuaProgram(withDouble(`${METER}\n${code}`, 'bytes')).run({ path: '/api/chat', sent: body }));
}

/** String functions that count the bytes they read. An anchored pattern without a match has read white space. */
const METER = `
  local find, sub, gsub, lower, byte = string.find, string.sub, string.gsub, string.lower, string.byte
  local function count(number) bytes = bytes + number end
  string.find = function(text, pattern, from)
    local first, last = find(text, pattern, from)
    local unfound = #text
    if sub(pattern, 1, 1) == "^" then unfound = select(2, find(text, "^%s*", from)) end
    count((last or unfound) - from + 1)
    return first, last
  end
  string.sub = function(...) local part = sub(...); count(#part); return part end
  string.gsub = function(text, ...) count(#text); return gsub(text, ...) end
  string.lower = function(text) count(#text); return lower(text) end
  string.byte = function(...) count(1); return byte(...) end`;

/** Kong compiles a function once, too. */
let latest = { code: '', program: new LuaProgram('') };

function compiled(code: string): LuaProgram {
  if (code !== latest.code) latest = { code, program: new LuaProgram(withDouble(code, 'outcome')) };
  return latest.program;
}

/** Returns a program that runs the function with the double of the PDK, and returns one of their variables as a string. */
function withDouble(code: string, result: 'outcome' | 'bytes'): string {
  return `
    local strict = function(known, path)
      return setmetatable(known, { __index = function(_, key) error("not in the double: " .. path .. "." .. key) end })
    end
    local outcome, bytes = "pass", 0
    kong = strict({
      request = strict({
        get_raw_body = function(limit)
          assert(math.type(limit) == "integer" and limit > 0, "get_raw_body wants a limit to read from a file")
          if not sent then return nil, "request body file too big" end
          return sent
        end,
        get_path = function() return path end,
      }, "kong.request"),
      service = strict({
        request = strict({
          set_raw_body = function(body)
            assert(type(body) == "string", "body must be a string")
            assert(outcome == "pass", "the body is set twice, or after an answer")
            outcome = "body\\0" .. body
          end,
        }, "kong.service.request"),
      }, "kong.service"),
      response = strict({
        exit = function(status, body) outcome = "exit\\0" .. status .. "\\0" .. body.error end,
      }, "kong.response"),
    }, "kong")
    local run = function()
      ${code}
    end
    run()
    return tostring(${result})`;
}
