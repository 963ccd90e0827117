import type { CloseCause } from '#core/ports/driver.ts'
import { CredentialsCorrupt } from '#core/ports/session-keys.ts'
import { FencedOut } from '#core/ports/session-leases.ts'

/** Why a session that could not read or write its keys ends. */
export function causeOfBrokenStore(error: unknown): CloseCause {
  const detail = error instanceof Error ? error.message : String(error)
  if (error instanceof FencedOut) return { kind: 'fenced-out', code: null, detail }
  if (error instanceof CredentialsCorrupt) return { kind: 'credentials-corrupt', code: null, detail }
  return { kind: 'internal-error', code: null, detail }
}
