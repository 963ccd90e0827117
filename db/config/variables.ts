import { createKeyRing } from '#db/crypto/key-ring.ts'

/** A variable that is missing or wrong; the message is one sentence for the person who set it and shows no value. */
export class ConfigError extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'ConfigError'
  }
}

/** A process' environment, or a Worker's bindings, of which only the strings are read. */
export type Variables = Record<string, unknown>

/** Throws ConfigError when it is not set. */
export function required(env: Variables, name: string): string {
  const value = env[name]
  if (typeof value !== 'string' || value === '') throw new ConfigError(`${name} is not set.`)
  return value
}

/** A URL with one of these protocols (`https:`). Throws ConfigError. */
export function urlOf(env: Variables, name: string, protocols: readonly string[]): string {
  const value = required(env, name)
  if (!protocols.includes(protocolOf(value))) {
    throw new ConfigError(`${name} is not a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}.`)
  }
  return value
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return 'none'
  }
}

/** The spec of a key ring that can be made of it. Throws ConfigError. */
export function keyRingOf(env: Variables, name: string): string {
  const spec = required(env, name)
  try {
    createKeyRing(spec)
  } catch (error) {
    // A key ring's own errors name positions, never its text.
    throw new ConfigError(`${name} is not a key ring: ${(error as Error).message}`)
  }
  return spec
}
