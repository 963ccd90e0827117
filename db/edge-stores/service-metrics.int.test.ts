import { expect, it } from 'vitest'
import { metricRanges } from '#contracts/http/metrics.ts'
import { openExplainer, readWhole } from '#db/testing/explain.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { rollUpMinutes, seriesQuery } from './service-metrics.ts'

const opened = openForSuite(openExplainer)

it('a roll-up reads the events of its minutes by their time, and no message', async () => {
  const nodes = await opened().explain(rollUpMinutes)
  expect(readWhole(nodes)).toEqual([])
  expect(nodes.map((node) => node['Index Name'])).toContain('events_retention_idx')
  expect(nodes.map((node) => node['Relation Name'])).not.toContain('messages')
})

it('a series reads counted minutes only, by their key', async () => {
  const nodes = await opened().explain(seriesQuery(metricRanges['7d']))
  expect(readWhole(nodes)).toEqual([])
  const relations = nodes.flatMap((node) => node['Relation Name'] ?? [])
  expect(new Set(relations)).toEqual(new Set(['minute_stats']))
})
