/**
 * Headers of a request in Kong's access phase: runs the pre-function in a Lua VM with a double of Kong's PDK, and key-auth
 * as its handler does.
 * @see https://github.com/Kong/kong/blob/master/kong/plugins/key-auth/handler.lua
 */
import { LuaProgram } from './lua';

/** Headers in the order in which a client sends them; names may repeat. */
export type Headers = readonly (readonly [name: string, value: string])[];

export interface KeyAuthConfig {
  readonly key_names: readonly string[];
  readonly key_in_header: boolean;
  readonly hide_credentials: boolean;
}

/** The credential that key-auth sees, and the headers for the server. */
export interface Passage {
  /** Credential that key-auth looks up; undefined if it answers 401. */
  readonly credential: string | undefined;
  readonly upstream: Headers;
}

/** Passes headers through the pre-function and then through key-auth. */
export function throughAccessPhase(code: string, config: KeyAuthConfig, headers: Headers): Passage {
  return keyAuth(config, preFunction(code, headers));
}

/** Runs a pre-function, and returns the headers that later plugins see. */
export function preFunction(code: string, headers: Headers): Headers {
  const sent = headers.map(([name, value]) => `{ ${quote(name)}, ${quote(value)} }`).join(', ');
  const seen = new LuaProgram(double(sent, code)).run();
  return seen
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name, value] = line.split('\t');
      return [name ?? '', value ?? ''] as const;
    });
}

/**
 * The PDK ignores the case of names, and get_header returns the first of several values. It asks NGINX, which reads an
 * underscore as a hyphen; clear_header uses the exact name.
 */
function double(sent: string, code: string): string {
  return `
    local headers = { ${sent} }
    local function same(a, b) return a:lower() == b:lower() end
    local function dashed(name) return (name:gsub("_", "-")) end
    local function clear(name)
      for i = #headers, 1, -1 do
        if same(headers[i][1], name) then table.remove(headers, i) end
      end
    end
    local strict = function(known, path)
      return setmetatable(known, { __index = function(_, key) error("not in the double: " .. path .. "." .. key) end })
    end
    kong = strict({
      request = strict({
        get_header = function(name)
          for _, header in ipairs(headers) do
            if same(dashed(header[1]), dashed(name)) then return header[2] end
          end
        end,
      }, "kong.request"),
      service = strict({
        request = strict({
          clear_header = clear,
          set_header = function(name, value)
            assert(type(value) == "string" and value ~= "", "set_header wants a value")
            clear(name)
            table.insert(headers, { name, value })
          end,
        }, "kong.service.request"),
      }, "kong.service"),
    }, "kong")
    local ok, problem = pcall(function()
      ${code}
    end)
    if not ok then error(problem) end
    local seen = {}
    for _, header in ipairs(headers) do table.insert(seen, header[1] .. "\\t" .. header[2]) end
    return table.concat(seen, "\\n")`;
}

/** Uses the first key name in the request, refuses two values of it, and hides only that header. */
function keyAuth({ key_names, hide_credentials }: KeyAuthConfig, headers: Headers): Passage {
  for (const keyName of key_names) {
    const values = headers.filter(([name]) => name.toLowerCase() === keyName).map(([, value]) => value);
    if (values.length === 0) continue;
    const upstream = hide_credentials ? headers.filter(([name]) => name.toLowerCase() !== keyName) : headers;
    return { credential: values.length === 1 ? values[0] : undefined, upstream };
  }
  return { credential: undefined, upstream: headers };
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/\\u([0-9a-f]{4})/g, '\\u{$1}');
}
