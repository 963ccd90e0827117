import { createHash } from 'node:crypto'

/** The name by which EVALSHA calls a script: of its text as the client sent it. */
export function scriptSha(script: string): string {
  return createHash('sha1').update(script).digest('hex')
}

/**
 * The script without its `#!lua flags=...`: @upstash/ratelimit's begin with a flag that only Upstash knows. The line's
 * end stays, so that line numbers in errors hold.
 */
export function withoutShebang(script: string): string {
  return script.replace(/^#![^\n]*/, '')
}
