/** As much of fengari as the tests use; it has no types of its own. */
declare module 'fengari' {
  interface State {
    readonly __state: never;
  }
  export const lua: {
    readonly LUA_OK: number;
    lua_tojsstring(state: State, index: number): string;
  };
  export const lauxlib: {
    luaL_dostring(state: State, code: Uint8Array): number;
    luaL_newstate(): State;
  };
  export const lualib: { luaL_openlibs(state: State): void };
  export function to_luastring(text: string): Uint8Array;
}
