import type { UsageDayView, UsageGroupView, UsageView } from '#contracts/http/usage.ts'
import type { Account } from '#core/ports/customers.ts'
import type { DaySpan, UsageCounts, UsageDay, UsageGroup } from '#core/ports/usage.ts'
import { dayUtc, nextDay } from './day-span.ts'
import { presentAccount } from './present-account.ts'

export function presentUsage(account: Account, days: readonly UsageDay[], span: DaySpan, now: Date): UsageView {
  const { used, limit } = presentAccount(account).usage.messages_today
  return {
    ...span,
    today: {
      messages: { used, limit, remaining: limit === null ? null : Math.max(0, limit - used) },
      resets_at: `${nextDay(dayUtc(now))}T00:00:00.000Z`,
    },
    days: days.map(presentUsageDay),
  }
}

export function presentUsageDay({ day, quota, ...counts }: UsageDay): UsageDayView {
  return { day, limit: quota, ...presentCounts(counts) }
}

export function presentUsageGroup({ id, name, plan, customers, ...counts }: UsageGroup): UsageGroupView {
  const shown = { id, name, plan, customers, ...presentCounts(counts) }
  // A request is answered by the edge and belongs to no server.
  return plan === null ? { ...shown, requests: null, messages: null, bytes: null } : shown
}

function presentCounts(counts: UsageCounts): Omit<UsageDayView, 'day' | 'limit'> {
  const { requests, messages, sent, received, failed, mediaSent, mediaReceived, bytesIn, bytesOut } = counts
  return {
    requests,
    messages,
    sent,
    received,
    failed,
    media: { sent: mediaSent, received: mediaReceived },
    bytes: { in: bytesIn, out: bytesOut },
  }
}
