import { RedisError } from '#local/redis/redis-backend.ts'
import { integer } from './command.ts'

/** How a command's time argument is meant: seconds or milliseconds, from now or since 1970. */
export type ExpiryUnit = 'ex' | 'px' | 'exat' | 'pxat'

const factor: Record<ExpiryUnit, number> = { ex: 1_000, px: 1, exat: 1_000, pxat: 1 }

export function isExpiryUnit(word: string): word is ExpiryUnit {
  return Object.hasOwn(factor, word)
}

/** Milliseconds since 1970 at which a key expires. */
export function expiryTime(unit: ExpiryUnit, text: string, nowMs: number): number {
  return integer(text) * factor[unit] + (unit.endsWith('at') ? 0 : nowMs)
}

/** The same for SET, SETEX and PSETEX, which refuse times that are not positive. */
export function positiveExpiryTime(command: string, unit: ExpiryUnit, text: string, nowMs: number): number {
  if (integer(text) <= 0) throw new RedisError(`ERR invalid expire time in '${command}' command`)
  return expiryTime(unit, text, nowMs)
}
