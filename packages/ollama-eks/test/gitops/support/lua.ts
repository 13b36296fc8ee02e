import { lauxlib, lua, lualib, to_luastring } from 'fengari';

/** Result of a health check. */
export interface Verdict {
  readonly status: string;
  readonly message: string;
}

const COMPILED = to_luastring('check');
const machines = new Map<string, State>();
/** Verdicts by code, and then by object. */
const verdicts = new Map<string, Map<string, Verdict>>();

/**
 * Runs a health check of Argo CD on an object, in a Lua VM with the base and table libraries alone, as Argo CD does
 * (util/lua/lua.go). A check depends on nothing but the object, so the verdict on an equal object is the same.
 */
export function runHealthCheck(code: string, object: unknown): Verdict {
  const known = verdicts.get(code) ?? new Map<string, Verdict>();
  verdicts.set(code, known);
  const key = JSON.stringify(object);
  const verdict = known.get(key) ?? evaluate(code, object);
  known.set(key, verdict);
  return verdict;
}

function evaluate(code: string, object: unknown): Verdict {
  const state = machines.get(code) ?? compile(code);
  machines.set(code, state);
  push(state, object);
  lua.lua_setglobal(state, to_luastring('obj'));
  lua.lua_getglobal(state, COMPILED);
  if (lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK) {
    throw new Error(lua.lua_tojsstring(state, -1));
  }
  const verdict = { status: field(state, 'status'), message: field(state, 'message') };
  lua.lua_pop(state, 1);
  return verdict;
}

/** A VM with the compiled check. */
function compile(code: string): State {
  const state = lauxlib.luaL_newstate();
  for (const [name, open] of [
    ['_G', lualib.luaopen_base],
    ['table', lualib.luaopen_table],
  ] as const) {
    lauxlib.luaL_requiref(state, to_luastring(name), open, 1);
    lua.lua_pop(state, 1);
  }
  if (lauxlib.luaL_loadstring(state, to_luastring(code)) !== lua.LUA_OK) {
    throw new Error(lua.lua_tojsstring(state, -1));
  }
  lua.lua_setglobal(state, COMPILED);
  return state;
}

function field(state: State, name: string): string {
  lua.lua_getfield(state, -1, to_luastring(name));
  const text = lua.lua_tojsstring(state, -1);
  lua.lua_pop(state, 1);
  return text;
}

type State = ReturnType<typeof lauxlib.luaL_newstate>;

function push(state: State, value: unknown): void {
  if (value === null || value === undefined) {
    lua.lua_pushnil(state);
  } else if (typeof value === 'boolean') {
    lua.lua_pushboolean(state, value);
  } else if (typeof value === 'number') {
    lua.lua_pushnumber(state, value);
  } else if (typeof value === 'string') {
    lua.lua_pushstring(state, to_luastring(value));
  } else {
    lua.lua_createtable(state, 0, 0);
    for (const [key, item] of Object.entries(value)) {
      push(state, item);
      if (Array.isArray(value)) {
        lua.lua_seti(state, -2, Number(key) + 1);
      } else {
        lua.lua_setfield(state, -2, to_luastring(key));
      }
    }
  }
}
