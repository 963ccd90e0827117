import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { timestampSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { defineContract } from './contract.ts'
import { metricRanges } from './metrics.ts'

/** Ranges of the series of a server, with the buckets that they come in. */
export const serverMetricRanges = {
  ...metricRanges,
  '30d': { rangeMs: 2_592_000_000, bucketMs: 21_600_000 },
} as const
export type ServerMetricRange = keyof typeof serverMetricRanges
const ranges = Object.keys(serverMetricRanges) as [ServerMetricRange, ...ServerMetricRange[]]

const share = z.number().nullable().describe('0 to 1.')
const number = z.number().nullable()
const perMinute = z.number().describe('Messages per minute.')
const latency = z.number().nullable().describe('From acceptance to WhatsApp’s confirmation, of counts in classes.')

const exampleValues = {
  cpu: 0.31,
  memory: 0.52,
  disk: 0.18,
  network_in_per_second: 48_211.4,
  network_out_per_second: 35_002.1,
  event_loop_lag_ms: 3.2,
  sessions: 96,
  sent_per_minute: 142.1,
  received_per_minute: 133,
  failed_per_minute: 0.1,
  send_p50_ms: 240,
  send_p95_ms: 480,
  send_p99_ms: 910,
}

export const serverMetricsSchema = z
  .object({
    range: z.enum(ranges),
    bucket_seconds: z.number().int(),
    series: z
      .array(
        z.object({
          at: timestampSchema.describe('Where the bucket begins.'),
          cpu: share,
          memory: share,
          disk: share,
          network_in_per_second: number.describe('Bytes.'),
          network_out_per_second: number.describe('Bytes.'),
          event_loop_lag_ms: number.describe('99 times of 100 it was less; the worst of the bucket.'),
          sessions: number.describe('Connected to WhatsApp.'),
          sent_per_minute: perMinute,
          received_per_minute: perMinute,
          failed_per_minute: perMinute,
          send_p50_ms: latency,
          send_p95_ms: latency,
          send_p99_ms: latency,
        }),
      )
      .describe('Oldest first, without gaps; null where its worker told nothing; the newest bucket is not over.'),
  })
  .meta({
    id: 'ServerMetrics',
    examples: [{ range: '1h', bucket_seconds: 60, series: [{ at: '2026-01-31T12:00:00.000Z', ...exampleValues }] }],
  })
export type ServerMetricsView = z.infer<typeof serverMetricsSchema>

export const getServerMetricsContract = defineContract({
  id: 'getServerMetrics',
  group: 'Servers',
  method: 'GET',
  path: '/api/admin/servers/:server_id/metrics',
  summary: 'How a server does: its machine, its worker and the messages of its instances, as a series',
  params: z.strictObject({ server_id: idSchema('server') }),
  query: z.strictObject({ range: z.enum(ranges).default('1h') }),
  responses: { 200: successSchema(serverMetricsSchema) },
  errors: ['NOT_FOUND'],
})
