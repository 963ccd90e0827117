import type { ServerId } from '#contracts/ids.ts'
import type { ServerVerdict } from '#core/ports/server-checks.ts'
import type { HealthAnswer } from '#core/ports/worker-gateway.ts'

/** Longer than this, and commands of customers begin to run out of time. */
const slowMs = 2_000

/** How long a check says something about now: it is made each minute. */
export const freshMs = 300_000

/** What the edge thinks of the worker that so answered, or did not. */
export function serverVerdict(serverId: ServerId, answer: HealthAnswer, tookMs: number): ServerVerdict {
  if (answer === 'no-answer' || answer === 'not-a-worker' || answer === 'token-refused')
    return { grade: 'unhealthy', reason: answer }
  if (answer.server_id !== serverId) return { grade: 'unhealthy', reason: 'another-server' }
  if (answer.status !== 'healthy') return { grade: 'degraded', reason: 'says-degraded' }
  return tookMs > slowMs ? { grade: 'degraded', reason: 'slow' } : { grade: 'healthy', reason: null }
}
