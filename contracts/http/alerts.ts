import { z } from 'zod'
import { alertKindSchema, alertSeverities, alertStates } from '#contracts/alerts.ts'
import { successSchema, tableSchema } from '#contracts/envelope.ts'
import { exampleId } from '#contracts/examples.ts'
import { tableQuerySchema, textSchema, timestampSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { defineContract } from './contract.ts'

const group = 'Alerts'
const base = '/api/admin/alerts'
const params = z.strictObject({ alert_id: idSchema('alert') })

export const alertViewSchema = z
  .object({
    id: idSchema('alert'),
    kind: alertKindSchema,
    severity: z.enum(alertSeverities).describe('`critical`: customers notice now.'),
    state: z.enum(alertStates),
    message: z.string().describe('What the kind means, in a sentence.'),
    subject: z
      .string()
      .describe('What it is about: an id, or `redis`. Of one kind and subject one alert at most is unresolved.'),
    customer_id: idSchema('customer').nullable(),
    details: z.record(z.string(), z.unknown()).describe('The cause as it was last seen.'),
    opened_at: timestampSchema,
    seen_at: timestampSchema.describe('When the cause was last seen; it is looked for each minute.'),
    acknowledged_at: timestampSchema.nullable(),
    acknowledged_by: idSchema('admin').nullable(),
    resolved_at: timestampSchema.nullable(),
    resolved_by: idSchema('admin').nullable().describe('Null when the cause went by itself.'),
  })
  .meta({
    id: 'Alert',
    examples: [
      {
        id: exampleId('alr'),
        kind: 'server-down',
        severity: 'critical',
        state: 'acknowledged',
        message: 'No worker holds the lease of this server.',
        subject: exampleId('srv'),
        customer_id: null,
        details: { name: 'sao-paulo-1' },
        opened_at: '2026-01-31T12:00:00.000Z',
        seen_at: '2026-01-31T12:04:00.000Z',
        acknowledged_at: '2026-01-31T12:02:10.000Z',
        acknowledged_by: exampleId('adm'),
        resolved_at: null,
        resolved_by: null,
      },
    ],
  })
export type AlertView = z.infer<typeof alertViewSchema>

export const listAlertsContract = defineContract({
  id: 'listAlerts',
  group,
  method: 'GET',
  path: base,
  summary: 'What needs somebody, or did, newest first',
  query: tableQuerySchema.extend({
    state: z.enum(alertStates).optional(),
    kind: alertKindSchema.optional(),
    subject: textSchema(100).optional(),
    customer_id: idSchema('customer').optional(),
  }),
  responses: { 200: tableSchema(alertViewSchema) },
  errors: [],
})

export const acknowledgeAlertContract = defineContract({
  id: 'acknowledgeAlert',
  group,
  method: 'POST',
  path: `${base}/:alert_id/acknowledge`,
  summary: 'Say that you care for it; the first one who does is kept',
  params,
  responses: { 200: successSchema(alertViewSchema) },
  errors: ['NOT_FOUND'],
})

export const resolveAlertContract = defineContract({
  id: 'resolveAlert',
  group,
  method: 'POST',
  path: `${base}/:alert_id/resolve`,
  summary: 'Say that it is over; while the cause lasts, the next minute opens a new one',
  params,
  responses: { 200: successSchema(alertViewSchema) },
  errors: ['NOT_FOUND'],
})
