import type { CustomerView } from '#contracts/http/customers.ts'
import type { LimitOverrides } from '#contracts/plans.ts'
import type { Texts } from '#dashboard/lib/edit-texts.ts'
import { limitNames, unlimited } from './read-limits.ts'

const limitLabels = {
  requests_per_minute: 'Requests a minute',
  requests_per_hour: 'Requests an hour',
  requests_per_day: 'Requests a day',
  messages_per_day: 'Messages a day',
  instances: 'Instances',
} satisfies Record<keyof LimitOverrides, string>

/** What people call the fields of a customer. */
export const customerLabels: Readonly<Record<string, string>> = {
  name: 'Name',
  plan: 'Plan',
  region: 'Region',
  assign_server: 'Server',
  ...Object.fromEntries(limitNames.map((name) => [`limit_overrides.${name}`, limitLabels[name]])),
}

/** What stands in the fields of a customer. */
export function customerTexts({ name, plan, region, assign_server, limit_overrides: agreed }: CustomerView) {
  const limits = limitNames.map((limit) => [`limit_overrides.${limit}`, limitText(agreed[limit])])
  return { name, plan, region: region ?? '', assign_server, ...Object.fromEntries(limits) } satisfies Texts
}

function limitText(limit: number | null | undefined): string {
  return limit === null ? unlimited : String(limit ?? '')
}
