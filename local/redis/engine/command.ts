import { RedisError, type RedisReply, type RedisStatus } from '#local/redis/redis-backend.ts'
import type { Keyspace } from './keyspace.ts'

export interface Command {
  /** Least and most arguments after the command's name. */
  arguments: [least: number, most: number]
  run(keyspace: Keyspace, args: string[]): RedisReply
}

/** Commands by their lower-case name. */
export type CommandTable = Record<string, Command>

export const ok: RedisStatus = { status: 'OK' }

export function syntaxError(): RedisError {
  return new RedisError('ERR syntax error')
}

/** An argument that the command's table entry guarantees. */
export function arg(args: string[], index: number): string {
  const value = args[index]
  if (value === undefined) throw syntaxError()
  return value
}

export function integer(text: string): number {
  const value = Number(text)
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new RedisError('ERR value is not an integer or out of range')
}

/** Adds whole numbers as Redis does; beyond JavaScript's safe integers it refuses earlier than Redis would. */
export function addIntegers(a: number, b: number): number {
  if (Number.isSafeInteger(a + b)) return a + b
  throw new RedisError('ERR increment or decrement would overflow')
}

/** Cuts `a b c d` into pairs; an odd count is the command's arity error. */
export function pairs(command: string, args: string[]): [string, string][] {
  if (args.length % 2 !== 0) throw wrongArity(command)
  return Array.from({ length: args.length / 2 }, (_, n) => [arg(args, 2 * n), arg(args, 2 * n + 1)])
}

export function wrongArity(command: string): RedisError {
  return new RedisError(`ERR wrong number of arguments for '${command}' command`)
}
