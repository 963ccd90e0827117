import { isId, type AdminSessionId } from '#contracts/ids.ts'
import { randomBase62 } from './random-base62.ts'

const secretLength = 43

export interface RefreshToken {
  sessionId: AdminSessionId
  /** 256 random bits; only its hash is stored. */
  secret: string
}

export function newRefreshSecret(): string {
  return randomBase62(secretLength)
}

/** As the cookie carries it. */
export function writeRefreshToken({ sessionId, secret }: RefreshToken): string {
  return `${sessionId}.${secret}`
}

/** Undefined for what writeRefreshToken cannot have made. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  const [, sessionId = '', secret = ''] = /^([a-z0-9_]{30})\.([0-9A-Za-z]{43})$/.exec(text) ?? []
  return isId('adminSession', sessionId) ? { sessionId, secret } : undefined
}
