import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { timestampSchema } from '#contracts/fields.ts'
import { instanceStates, type InstanceState } from '#contracts/instance-states.ts'
import { defineContract } from './contract.ts'

const count = z.number().int()
const perMinute = z.number().describe('Messages per minute.')

/** Ranges of the series, with the buckets that they come in: at most 96 points. */
export const metricRanges = {
  '1h': { rangeMs: 3_600_000, bucketMs: 60_000 },
  '24h': { rangeMs: 86_400_000, bucketMs: 900_000 },
  '7d': { rangeMs: 604_800_000, bucketMs: 7_200_000 },
} as const
export type MetricRange = keyof typeof metricRanges

const countByState = Object.fromEntries(instanceStates.map((state) => [state, count])) as Record<
  InstanceState,
  typeof count
>

const rates = {
  sent_per_minute: perMinute,
  received_per_minute: perMinute,
  failed_per_minute: perMinute.describe('Without those that were cancelled or whose recipient has no WhatsApp.'),
  error_rate: z.number().nullable().describe('Failed of all that ended, 0 to 1; null where nothing ended.'),
  send_p95_ms: z
    .number()
    .nullable()
    .describe('95 of 100 messages were with WhatsApp so soon after they were accepted; from counts in classes.'),
}

const exampleRates = {
  sent_per_minute: 412.4,
  received_per_minute: 388,
  failed_per_minute: 0.2,
  error_rate: 0.0005,
  send_p95_ms: 480,
}

export const globalMetricsSchema = z
  .object({
    customers: z.object({ active: count, suspended: count }),
    instances: z.object({ total: count, by_state: z.object(countByState) }),
    servers: z
      .object({ healthy: count, degraded: count, down: count, other: count })
      .describe('`other` are being set up, in maintenance or out of service.'),
    alerts: z.object({
      open: count,
      acknowledged: count,
      critical: count.describe('Of both.'),
    }),
    messages: z
      .object(rates)
      .describe('Of the last five minutes that were counted; a minute is counted a minute after its end.'),
    range: z.enum(Object.keys(metricRanges) as [MetricRange, ...MetricRange[]]),
    bucket_seconds: count,
    series: z
      .array(z.object({ at: timestampSchema.describe('Where the bucket begins.'), ...rates }))
      .describe('Oldest first, without gaps; the newest bucket is not over.'),
  })
  .meta({
    id: 'GlobalMetrics',
    examples: [
      {
        customers: { active: 120, suspended: 2 },
        instances: {
          total: 180,
          by_state: {
            created: 0,
            starting: 0,
            pairing: 3,
            connecting: 0,
            connected: 170,
            disconnected: 1,
            stopped: 4,
            logged_out: 2,
            banned: 0,
            failed: 0,
          },
        },
        servers: { healthy: 3, degraded: 0, down: 0, other: 1 },
        alerts: { open: 1, acknowledged: 2, critical: 0 },
        messages: exampleRates,
        range: '1h',
        bucket_seconds: 60,
        series: [{ at: '2026-01-31T12:00:00.000Z', ...exampleRates }],
      },
    ],
  })
export type GlobalMetrics = z.infer<typeof globalMetricsSchema>

export const getGlobalMetricsContract = defineContract({
  id: 'getGlobalMetrics',
  group: 'Metrics',
  method: 'GET',
  path: '/api/admin/metrics/global',
  summary: 'How much there is of everything, and how many messages per minute went each way',
  query: z.strictObject({
    range: z.enum(Object.keys(metricRanges) as [MetricRange, ...MetricRange[]]).default('1h'),
  }),
  responses: { 200: successSchema(globalMetricsSchema) },
  errors: [],
})
