/** What becomes of a request's body in Kong's access phase: a function in a Lua VM, with a double of Kong's PDK. */
import { runLua } from './lua';

/** The answer that Kong gives itself; undefined where the request goes on. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
}

/**
 * Runs a function of the access phase over a body.
 * @param body undefined for a body that Kong can't read
 */
export function accessWithBody(code: string, body: string | undefined): Refusal | undefined {
  const seen = runLua(`
    local strict = function(known, path)
      return setmetatable(known, { __index = function(_, key) error("not in the double: " .. path .. "." .. key) end })
    end
    local answer = ""
    kong = strict({
      request = strict({
        get_raw_body = function(limit)
          assert(math.type(limit) == "integer" and limit > 0, "get_raw_body wants a limit to read from a file")
          ${body === undefined ? 'return nil, "request body file too big"' : `return ${luaString(body)}`}
        end,
      }, "kong.request"),
      response = strict({
        exit = function(status, body) answer = status .. "\\t" .. body.error end,
      }, "kong.response"),
    }, "kong")
    local run = function()
      ${code}
    end
    run()
    return answer`);
  if (seen === '') return undefined;
  const [status, error] = seen.split('\t');
  return { status: Number(status), error: error ?? '' };
}

/** Every byte by its number, so that nothing of the body is read as Lua. */
function luaString(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, '0')}`);
  return `"${bytes.join('')}"`;
}
