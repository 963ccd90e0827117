import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import { startLoop } from '#worker-node/loop.ts'
import type { Log } from '#worker-node/log.ts'

/** How soon a key that the edge has withdrawn stops being accepted here. */
const refreshIntervalMs = 10 * 60_000
/** An unknown key id makes one look at the edge in this time, so forged tokens cannot hammer it. */
const cooldownMs = 30_000
const timeoutMs = 3_000

/** The edge's public keys. The last good set is kept while the edge is away. */
export interface EdgeKeys {
  keyOf: JWTVerifyGetKey
  stop(): Promise<void>
}

/** Loads in the background: a worker starts, and works, without the edge. */
export function startEdgeKeys(url: string, log: Log): EdgeKeys {
  // Never stale by age, because a stale set would be dropped while the edge is away; the loop renews it instead.
  const keys = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: cooldownMs,
    timeoutDuration: timeoutMs,
  })
  const loop = startLoop({ name: 'edge keys', intervalMs: refreshIntervalMs, run: () => keys.reload(), log })
  return { keyOf: keys, stop: () => loop.stop() }
}
