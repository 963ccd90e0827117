import type { ServerView } from '#contracts/http/servers.ts'
import type { Texts } from '#dashboard/lib/edit-texts.ts'

/** What people call the fields of a server. */
export const serverLabels = {
  name: 'Name',
  url: 'Address',
  region: 'Region',
  max_capacity: 'Capacity',
  ip_address: 'IP address',
  provider: 'Provider',
  cost_per_month: 'Cost per month',
} satisfies Partial<Record<keyof ServerView, string>>

/** What stands in the fields of a server; empty where that is unknown. */
export function serverTexts(server: ServerView): Texts {
  const names = Object.keys(serverLabels) as (keyof typeof serverLabels)[]
  return Object.fromEntries(names.map((name) => [name, String(server[name] ?? '')]))
}
