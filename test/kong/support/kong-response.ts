/** An answer in Kong's header filter phase: runs a function in a Lua VM with a double of Kong's PDK. */
import { runLua } from './lua';

/** The part of an answer that a header filter may change; names are lowercase. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Runs a header filter on an answer.
 * @param source Origin of the answer, as `kong.response.get_source` returns it
 */
export function headerFilter(code: string, answer: Answer, source: 'service' | 'exit' | 'error' = 'service'): Answer {
  const headers = Object.entries(answer.headers)
    .map(([name, value]) => `[${JSON.stringify(name)}] = ${JSON.stringify(value)}`)
    .join(', ');
  const seen = runLua(`
    local status, headers = ${String(answer.status)}, { ${headers} }
    local strict = function(known, path)
      return setmetatable(known, { __index = function(_, key) error("not in the double: " .. path .. "." .. key) end })
    end
    kong = strict({
      response = strict({
        get_source = function() return ${JSON.stringify(source)} end,
        set_status = function(code) assert(math.type(code) == "integer"); status = code end,
        set_header = function(name, value) assert(type(value) == "string"); headers[name:lower()] = value end,
        clear_header = function(name) headers[name:lower()] = nil end,
      }, "kong.response"),
      service = strict({
        response = strict({ get_header = function(name) return headers[name:lower()] end }, "kong.service.response"),
      }, "kong.service"),
    }, "kong")
    ${code}
    local lines = { tostring(status) }
    for name, value in pairs(headers) do table.insert(lines, name .. "\\t" .. value) end
    return table.concat(lines, "\\n")`);
  const [status, ...lines] = seen.split('\n');
  return { status: Number(status), headers: Object.fromEntries(lines.map((line) => line.split('\t'))) };
}
