import { mostUsageDays, type UsageView } from '#contracts/http/usage.ts'
import type { DaySpan } from '#core/ports/usage.ts'
import { daySpan } from '#core/rules/day-span.ts'
import { presentUsage } from '#core/rules/present-usage.ts'
import { invalidApiKey } from '#core/rules/require-standing.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/** What the customer used in these days, and what is left of today. Throws VALIDATION_ERROR for a span that is none. */
export async function getUsage(
  { customers, usage, clock }: Pick<App, 'customers' | 'usage' | 'clock'>,
  { customerId, keyId }: Actor,
  asked: Partial<DaySpan>,
): Promise<UsageView> {
  const now = clock.now()
  const span = daySpan(asked, now, mostUsageDays.ofCustomer)
  const [account, days] = await Promise.all([customers.account(customerId, keyId), usage.days(customerId, span)])
  if (account === undefined || days === undefined) throw invalidApiKey()
  return presentUsage(account, days, span, now)
}
