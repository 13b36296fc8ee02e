import { createRequire } from 'node:module';

/** The part of a Lua VM that is used here; the package has no types. */
interface Fengari {
  readonly lua: {
    readonly LUA_OK: number;
    lua_pushstring(state: object, text: Uint8Array): void;
    lua_setglobal(state: object, name: Uint8Array): void;
    lua_tojsstring(state: object, index: number): string;
  };
  readonly lauxlib: {
    luaL_dostring(state: object, code: Uint8Array): number;
    luaL_loadstring(state: object, code: Uint8Array): number;
    luaL_newstate(): object;
  };
  readonly lualib: { luaL_openlibs(state: object): void };
  to_luastring(text: string): Uint8Array;
}

const { lauxlib, lua, lualib, to_luastring } = createRequire(__filename)('fengari') as Fengari;

/**
 * Runs Lua in a new VM, and returns the string that it returns. Throws its errors.
 * @param globals global strings, by name
 */
export function runLua(code: string, globals: Readonly<Record<string, string>> = {}): string {
  const state = lauxlib.luaL_newstate();
  lualib.luaL_openlibs(state);
  for (const [name, text] of Object.entries(globals)) {
    lua.lua_pushstring(state, to_luastring(text));
    lua.lua_setglobal(state, to_luastring(name));
  }
  const status = lauxlib.luaL_dostring(state, to_luastring(code));
  const result = lua.lua_tojsstring(state, -1);
  if (status !== lua.LUA_OK) throw new Error(result);
  return result;
}

/** Compiles Lua without running it. Throws for a syntax error. */
export function compileLua(code: string): void {
  const state = lauxlib.luaL_newstate();
  if (lauxlib.luaL_loadstring(state, to_luastring(code)) !== lua.LUA_OK) throw new Error(lua.lua_tojsstring(state, -1));
}
