import { createRequire } from 'node:module';

/** The part of a Lua VM that is used here; the package has no types. */
interface Fengari {
  readonly lua: {
    readonly LUA_OK: number;
    lua_pcall(state: object, arguments_: number, results: number, handler: number): number;
    lua_pop(state: object, count: number): void;
    lua_pushnil(state: object): void;
    lua_pushstring(state: object, text: Uint8Array): void;
    lua_pushvalue(state: object, index: number): void;
    lua_setglobal(state: object, name: Uint8Array): void;
    lua_tojsstring(state: object, index: number): string;
  };
  readonly lauxlib: {
    luaL_loadstring(state: object, code: Uint8Array): number;
    luaL_newstate(): object;
  };
  readonly lualib: { luaL_openlibs(state: object): void };
  to_luastring(text: string): Uint8Array;
}

const { lauxlib, lua, lualib, to_luastring } = createRequire(__filename)('fengari') as Fengari;

/** A program in a Lua VM of its own. It is compiled once, and keeps its global variables from one run to the next, as in Kong. */
export class LuaProgram {
  private readonly state = lauxlib.luaL_newstate();

  /** Compiles the program without running it. Throws for a syntax error. */
  public constructor(code: string) {
    lualib.luaL_openlibs(this.state);
    if (lauxlib.luaL_loadstring(this.state, to_luastring(code)) !== lua.LUA_OK) throw new Error(this.popText());
  }

  /**
   * Runs the program, and returns the string that it returns. Throws its errors.
   * @param globals global strings, by name; `undefined` is `nil`
   */
  public run(globals: Readonly<Record<string, string | undefined>> = {}): string {
    for (const [name, text] of Object.entries(globals)) {
      if (text === undefined) lua.lua_pushnil(this.state);
      else lua.lua_pushstring(this.state, to_luastring(text));
      lua.lua_setglobal(this.state, to_luastring(name));
    }
    lua.lua_pushvalue(this.state, -1);
    const status = lua.lua_pcall(this.state, 0, 1, 0);
    const result = this.popText();
    if (status !== lua.LUA_OK) throw new Error(result);
    return result;
  }

  private popText(): string {
    const text = lua.lua_tojsstring(this.state, -1);
    lua.lua_pop(this.state, 1);
    return text;
  }
}
