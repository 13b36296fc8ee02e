/** Types for the part of fengari that the tests use; it has none itself. */
declare module 'fengari' {
  interface State {
    readonly __state: never;
  }
  type Text = Uint8Array;
  type NativeFunction = (state: State) => number;
  export const lua: {
    readonly LUA_OK: number;
    lua_createtable(state: State, list: number, record: number): void;
    lua_getfield(state: State, index: number, key: Text): number;
    lua_getglobal(state: State, name: Text): number;
    lua_pcall(state: State, args: number, results: number, handler: number): number;
    lua_pop(state: State, count: number): void;
    lua_pushboolean(state: State, value: boolean): void;
    lua_pushnil(state: State): void;
    lua_pushnumber(state: State, value: number): void;
    lua_pushstring(state: State, value: Text): void;
    lua_setfield(state: State, index: number, key: Text): void;
    lua_setglobal(state: State, name: Text): void;
    lua_seti(state: State, index: number, key: number): void;
    lua_tojsstring(state: State, index: number): string;
  };
  export const lauxlib: {
    luaL_loadstring(state: State, code: Text): number;
    luaL_newstate(): State;
    luaL_requiref(state: State, name: Text, open: NativeFunction, global: number): void;
  };
  export const lualib: { readonly luaopen_base: NativeFunction; readonly luaopen_table: NativeFunction };
  export function to_luastring(text: string): Text;
}
