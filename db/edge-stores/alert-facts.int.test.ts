import { expect, it } from 'vitest'
import type { AlertFacts } from '#core/ports/alerts.ts'
import { openExplainer, readWhole } from '#db/testing/explain.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { alertFactQueries } from './alert-facts.ts'

const opened = openForSuite(openExplainer)

it.each([
  ['instances', ['instances_logged_out_idx', 'instances_banned_idx']],
  ['webhooks', ['webhook_endpoints_disabled_idx']],
  ['quotas', ['usage_days_day_idx']],
] as [keyof AlertFacts, string[]][])(
  'the %s that alerts are made of are found each minute by %j',
  async (kind, indexes) => {
    const nodes = await opened().explain(alertFactQueries[kind])
    expect(readWhole(nodes)).toEqual([])
    expect(nodes.map((node) => node['Index Name'])).toEqual(expect.arrayContaining(indexes))
  },
)
