import { RedisError, type RedisReply } from '#local/redis/redis-backend.ts'
import { scriptSha, withoutShebang } from '#local/redis/script-source.ts'
import { type LuaState, loadFengari } from './fengari.ts'

const { lua, lauxlib, lualib, to_luastring: luaText } = loadFengari()

/**
 * What makes Lua 5.3 behave like Redis' 5.1. All numbers become floats: fengari's integers have 32 bits, and a product of
 * two of them (a window of weeks in milliseconds) would wrap. Undeclared globals are errors, so scripts share nothing.
 */
const prelude = `
  local tonumber, floor, ceil = tonumber, math.floor, math.ceil
  _G.tonumber = function(value, base)
    local number = tonumber(value, base)
    return number and number + 0.0
  end
  math.floor = function(value) return floor(value) + 0.0 end
  math.ceil = function(value) return ceil(value) + 0.0 end
  unpack = table.unpack
  redis.error_reply = function(text) return { err = text } end
  redis.status_reply = function(text) return { ok = text } end
  redis.log = function() end
  dofile, loadfile, print, collectgarbage = nil, nil, nil, nil
  setmetatable(_G, {
    __newindex = function(_, name) error("Script attempted to set global variable '" .. tostring(name) .. "'", 2) end,
    __index = function(_, name) error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2) end,
  })
`

/** Runs Redis' Lua scripts in one sandboxed Lua state; `call` is what redis.call reaches. */
export class ScriptEngine {
  readonly #state: LuaState
  readonly #compiled = new Map<string, number>()

  constructor(call: (command: string[]) => RedisReply) {
    const state = (this.#state = lauxlib.luaL_newstate())
    for (const name of ['base', 'table', 'string', 'math'] as const) {
      lauxlib.luaL_requiref(state, luaText(name === 'base' ? '_G' : name), lualib[`luaopen_${name}`], true)
    }
    lua.lua_settop(state, 0)
    lua.lua_newtable(state)
    this.#define('call', (l) => answerCall(l, call, true))
    this.#define('pcall', (l) => answerCall(l, call, false))
    this.#define('sha1hex', (l) => {
      lua.lua_pushstring(l, luaText(scriptSha(lua.lua_tojsstring(l, 1))))
      return 1
    })
    lua.lua_setglobal(state, luaText('redis'))
    this.#setList('KEYS', [])
    this.#setList('ARGV', [])
    lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, this.#compile(prelude))
    if (lua.lua_pcall(state, 0, 0, 0) !== lua.LUA_OK) throw new Error(lua.lua_tojsstring(state, -1))
  }

  /** Throws RedisError when the script does not compile or fails. */
  run(script: string, keys: string[], args: string[]): RedisReply {
    const state = this.#state
    lua.lua_settop(state, 0)
    const compiled = this.#compile(script)
    this.#setList('KEYS', keys)
    this.#setList('ARGV', args)
    lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, compiled)
    if (lua.lua_pcall(state, 0, 1, 0) === lua.LUA_OK) return toReply(state)
    const where = `script: ${scriptSha(script)}, on @user_script.`
    if (lua.lua_type(state, -1) === lua.LUA_TTABLE) throw new RedisError(`${field(state, 'err') ?? 'ERR'} ${where}`)
    throw new RedisError(`ERR ${lua.lua_tojsstring(state, -1)} ${where}`)
  }

  /** A script is compiled once and kept in Lua's registry. */
  #compile(script: string): number {
    const sha = scriptSha(script)
    const known = this.#compiled.get(sha)
    if (known !== undefined) return known
    const text = luaText(withoutShebang(script))
    if (lauxlib.luaL_loadbuffer(this.#state, text, text.length, luaText('@user_script')) !== lua.LUA_OK) {
      throw new RedisError(`ERR Error compiling script (new function): ${lua.lua_tojsstring(this.#state, -1)}`)
    }
    const reference = lauxlib.luaL_ref(this.#state, lua.LUA_REGISTRYINDEX)
    this.#compiled.set(sha, reference)
    return reference
  }

  #define(name: string, run: (state: LuaState) => number): void {
    lua.lua_pushcfunction(this.#state, run)
    lua.lua_setfield(this.#state, -2, luaText(name))
  }

  #setList(name: string, values: string[]): void {
    pushReply(this.#state, values)
    lua.lua_setglobal(this.#state, luaText(name))
  }
}

/** redis.call and redis.pcall: the first raises an error, the second hands it back as a table. */
function answerCall(state: LuaState, call: (command: string[]) => RedisReply, raises: boolean): number {
  let failure: RedisError
  try {
    pushReply(state, call(callArguments(state)))
    return 1
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    failure = error
  }
  lua.lua_newtable(state)
  lua.lua_pushstring(state, luaText(failure.message))
  lua.lua_setfield(state, -2, luaText('err'))
  return raises ? lua.lua_error(state) : 1
}

function callArguments(state: LuaState): string[] {
  const count = lua.lua_gettop(state)
  if (count === 0) throw new RedisError('ERR Please specify at least one argument for this redis.call()')
  return Array.from({ length: count }, (_, index) => {
    const type = lua.lua_type(state, index + 1)
    if (type === lua.LUA_TNUMBER) return String(lua.lua_tonumber(state, index + 1))
    if (type === lua.LUA_TSTRING) return lua.lua_tojsstring(state, index + 1)
    throw new RedisError('ERR Lua redis lib command arguments must be strings or integers')
  })
}

function pushReply(state: LuaState, reply: RedisReply): void {
  if (reply === null) lua.lua_pushboolean(state, false)
  else if (typeof reply === 'number') lua.lua_pushnumber(state, reply)
  else if (typeof reply === 'string') lua.lua_pushstring(state, luaText(reply))
  else if (Array.isArray(reply)) {
    lua.lua_newtable(state)
    for (const [index, item] of reply.entries()) {
      pushReply(state, item)
      lua.lua_rawseti(state, -2, index + 1)
    }
  } else {
    lua.lua_newtable(state)
    lua.lua_pushstring(state, luaText(reply.status))
    lua.lua_setfield(state, -2, luaText('ok'))
  }
}

/** The value on top of the stack as Redis answers it: numbers lose their fraction, a list ends at its first nil. */
function toReply(state: LuaState): RedisReply {
  const type = lua.lua_type(state, -1)
  if (type === lua.LUA_TNUMBER) return Math.trunc(lua.lua_tonumber(state, -1))
  if (type === lua.LUA_TSTRING) return lua.lua_tojsstring(state, -1)
  if (type === lua.LUA_TBOOLEAN) return lua.lua_toboolean(state, -1) ? 1 : null
  if (type !== lua.LUA_TTABLE) return null
  const error = field(state, 'err')
  if (error !== undefined) throw new RedisError(error)
  const status = field(state, 'ok')
  if (status !== undefined) return { status }
  const list: RedisReply[] = []
  for (let index = 1; ; index += 1) {
    lua.lua_rawgeti(state, -1, index)
    const isEnd = lua.lua_type(state, -1) <= 0
    if (!isEnd) list.push(toReply(state))
    lua.lua_pop(state, 1)
    if (isEnd) return list
  }
}

function field(state: LuaState, name: string): string | undefined {
  const type = lua.lua_getfield(state, -1, luaText(name))
  const value = type === lua.LUA_TSTRING ? lua.lua_tojsstring(state, -1) : undefined
  lua.lua_pop(state, 1)
  return value
}
