import type { AlertFacts, Cause } from '#core/ports/alerts.ts'

/** A worker that starts again claims its lease within seconds: only a longer gap is told. */
const downAfterMs = 30_000

/** What the edge found at one call may have been bad luck: a second one has to find it too. */
const confirmedAfterMs = 45_000

/** Share of a server's capacity above which it is told. */
const fullShare = 0.85

/** Share of messages that fail from which it is told, and of how few it says nothing. */
const badShare = 0.1
const fewestMessages = 20

/** Share of a day's quota from which it is told. */
export const quotaShare = 0.9

/** How long a cause must not have been seen until its alert resolves: one that comes and goes stays one alert. */
export const quietMs = 180_000

/** What there should be an alert of, out of what is known now. */
export function alertCauses(facts: AlertFacts, neighbours: { redis: boolean }): Cause[] {
  return [
    ...facts.servers.flatMap(causesOfServer),
    ...facts.instances.flatMap(causesOfInstance),
    ...facts.webhooks.map(({ id, customerId, reason, failingSince }): Cause => ({
      kind: 'webhook-disabled',
      subject: id,
      customerId,
      details: { reason, failing_since: failingSince?.toISOString() ?? null },
    })),
    ...facts.quotas.flatMap(({ customerId, day, messages, quota }): Cause[] =>
      messages < quota * quotaShare
        ? []
        : [{ kind: 'quota-nearly-used', subject: customerId, customerId, details: { day, messages, quota } }],
    ),
    ...causesOfMessages(facts.messages),
    ...(neighbours.redis ? [] : [{ kind: 'redis-away', subject: 'redis', customerId: null, details: {} } as const]),
  ]
}

function causesOfMessages({ sent, failed }: AlertFacts['messages']): Cause[] {
  const isBad = sent + failed >= fewestMessages && failed >= (sent + failed) * badShare
  return isBad ? [{ kind: 'error-rate', subject: 'messages', customerId: null, details: { sent, failed } }] : []
}

function causesOfServer(server: AlertFacts['servers'][number]): Cause[] {
  const { id, name, status, health, check, placed, maxCapacity, leaseEndedMs } = server
  const about = { subject: id, customerId: null }
  const isDown = leaseEndedMs === null || leaseEndedMs >= downAfterMs
  const seen = isDown ? [] : causesOfCheck(check)
  const isFull = status === 'active' && placed > maxCapacity * fullShare
  return [
    ...(isDown ? [{ kind: 'server-down', ...about, details: { name } } as const] : []),
    ...seen.map((kind) => ({ kind, ...about, details: { name, reason: check?.reason } })),
    ...(!isDown && health === 'degraded' && !seen.includes('server-degraded')
      ? [{ kind: 'server-degraded', ...about, details: { name } } as const]
      : []),
    ...(isFull
      ? [{ kind: 'server-full', ...about, details: { name, placed, max_capacity: maxCapacity } } as const]
      : []),
  ]
}

function causesOfCheck(check: AlertFacts['servers'][number]['check']): ('server-unreachable' | 'server-degraded')[] {
  if (check === null || check.sinceMs < confirmedAfterMs || check.grade === 'healthy') return []
  return [check.grade === 'unhealthy' ? 'server-unreachable' : 'server-degraded']
}

function causesOfInstance({ id, customerId, state, reason, stateChangedAt }: AlertFacts['instances'][number]): Cause[] {
  const about = { subject: id, customerId, details: { reason, since: stateChangedAt.toISOString() } }
  if (state === 'logged_out') return [{ kind: 'instance-logged-out', ...about }]
  return state === 'banned' ? [{ kind: 'instance-banned', ...about }] : []
}
