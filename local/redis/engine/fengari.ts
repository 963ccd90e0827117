import { createRequire } from 'node:module'

/** A Lua state of fengari; its inside is of no concern. */
export type LuaState = { readonly brand: unique symbol }

type LuaFunction = (state: LuaState) => number

/** The part of Lua's C API that the script engine uses; fengari brings no types. */
export interface Fengari {
  to_luastring: (text: string) => Uint8Array
  lua: Record<
    'LUA_TBOOLEAN' | 'LUA_TNUMBER' | 'LUA_TSTRING' | 'LUA_TTABLE' | 'LUA_OK' | 'LUA_REGISTRYINDEX',
    number
  > & {
    lua_gettop(state: LuaState): number
    lua_settop(state: LuaState, index: number): void
    lua_pop(state: LuaState, count: number): void
    lua_type(state: LuaState, index: number): number
    lua_toboolean(state: LuaState, index: number): boolean
    lua_tonumber(state: LuaState, index: number): number
    lua_tojsstring(state: LuaState, index: number): string
    lua_pushnil(state: LuaState): void
    lua_pushboolean(state: LuaState, value: boolean): void
    lua_pushnumber(state: LuaState, value: number): void
    lua_pushstring(state: LuaState, value: Uint8Array): void
    lua_pushcfunction(state: LuaState, value: LuaFunction): void
    lua_newtable(state: LuaState): void
    lua_rawgeti(state: LuaState, table: number, index: number): void
    lua_rawseti(state: LuaState, table: number, index: number): void
    lua_getfield(state: LuaState, table: number, name: Uint8Array): number
    lua_setfield(state: LuaState, table: number, name: Uint8Array): void
    lua_setglobal(state: LuaState, name: Uint8Array): void
    lua_pcall(state: LuaState, parameters: number, results: number, handler: number): number
    lua_error(state: LuaState): never
  }
  lauxlib: {
    luaL_newstate(): LuaState
    luaL_requiref(state: LuaState, name: Uint8Array, open: LuaFunction, isGlobal: boolean): void
    luaL_loadbuffer(state: LuaState, text: Uint8Array, size: number, name: Uint8Array): number
    luaL_ref(state: LuaState, table: number): number
  }
  lualib: Record<'luaopen_base' | 'luaopen_table' | 'luaopen_string' | 'luaopen_math', LuaFunction>
}

/** Loads fengari so that 3.0 prints as "3", as in Redis' Lua 5.1; it reads that choice from the environment, once. */
export function loadFengari(): Fengari {
  const before = process.env.FENGARICONF
  process.env.FENGARICONF = JSON.stringify({ LUA_COMPAT_FLOATSTRING: true })
  try {
    return createRequire(import.meta.url)('fengari') as Fengari
  } finally {
    if (before === undefined) delete process.env.FENGARICONF
    else process.env.FENGARICONF = before
  }
}
