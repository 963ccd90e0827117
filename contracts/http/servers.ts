import { z } from 'zod'
import { successSchema, tableSchema } from '#contracts/envelope.ts'
import { exampleId } from '#contracts/examples.ts'
import { tableQuerySchema, textSchema, timestampSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { checkReasons, serverGrades, type CheckReason } from '#contracts/server-checks.ts'
import { defineContract } from './contract.ts'

const group = 'Servers'
const base = '/api/admin/servers'
const one = `${base}/:server_id`
const params = z.strictObject({ server_id: idSchema('server') })
const count = z.number().int()

export const serverStatusSchema = z
  .enum(['provisioning', 'active', 'draining', 'maintenance', 'inactive', 'error'])
  .meta({ id: 'ServerStatus', description: 'Only `active` servers take instances; the others are emptied.' })

export const serverViewSchema = z
  .object({
    id: idSchema('server'),
    name: z.string(),
    url: z.string().describe('Where the edge reaches its worker.'),
    region: z.string(),
    ip_address: z.string().nullable(),
    provider: z.string().nullable(),
    cpu_cores: count.nullable(),
    ram_gb: count.nullable(),
    cost_per_month: z.number().nullable(),
    status: serverStatusSchema,
    status_reason: z.string().nullable().describe('Why it has its status, in words for people.'),
    worker_version: z.string().nullable(),
    enrolled_at: timestampSchema.nullable().describe('When its worker enrolled last.'),
    health: z.enum(['healthy', 'degraded']).describe('What its worker last said of itself.'),
    edge_check: z
      .object({
        grade: z.enum(serverGrades),
        reason: z.enum(Object.keys(checkReasons) as [CheckReason, ...CheckReason[]]).nullable(),
        took_ms: count.describe('Until its answer, or until it was given up.'),
        checked_at: timestampSchema,
        since: timestampSchema.describe('When it got this grade.'),
      })
      .nullable()
      .describe('How its worker looked when the edge last called it, which it does each minute; null until then.'),
    lease: z.object({
      live: z.boolean().describe('A worker holds the lease of this server now.'),
      stopping: z.boolean().describe('That worker is about to end and hands its instances over.'),
    }),
    max_capacity: count,
    utilisation: z.number().describe('Instances placed here as a share of the capacity: 1 is full.'),
    instances: z.object({
      placed: count.describe('Placed here.'),
      wanted: count.describe('Placed here and meant to run.'),
      connected: count.describe('Placed here and connected.'),
      owned: count.describe('Held by its worker now.'),
      leaving: count.describe('Held by its worker, placed elsewhere: waiting to be handed over.'),
      arriving: count.describe('Placed here and meant to run, not held by its worker yet.'),
    }),
    drain: z
      .object({
        started_at: timestampSchema,
        instances: count.describe('Those that it began with.'),
        remaining: count.describe('Those that are still placed here or held by its worker.'),
        gone: count.describe('Those that were moved or deleted since.'),
        done: z.boolean(),
      })
      .nullable()
      .describe('How far the drain has come; null when the server is not draining.'),
    created_at: timestampSchema,
  })
  .meta({
    id: 'Server',
    examples: [
      {
        id: exampleId('srv'),
        name: 'sao-paulo-1',
        url: 'https://sao-paulo-1.example.com',
        region: 'sa-east',
        ip_address: '203.0.113.7',
        provider: 'Hetzner',
        cpu_cores: 4,
        ram_gb: 8,
        cost_per_month: 19.9,
        status: 'draining',
        status_reason: null,
        worker_version: '0.1.0',
        enrolled_at: '2026-01-31T12:05:00.000Z',
        health: 'healthy',
        edge_check: {
          grade: 'healthy',
          reason: null,
          took_ms: 41,
          checked_at: '2026-01-31T12:59:00.000Z',
          since: '2026-01-31T12:06:00.000Z',
        },
        lease: { live: true, stopping: false },
        max_capacity: 100,
        utilisation: 0.12,
        instances: { placed: 12, wanted: 12, connected: 12, owned: 13, leaving: 1, arriving: 0 },
        drain: { started_at: '2026-01-31T12:00:00.000Z', instances: 40, remaining: 13, gone: 27, done: false },
        created_at: '2026-01-31T12:00:00.000Z',
      },
    ],
  })
export type ServerView = z.infer<typeof serverViewSchema>

const serverSorts = ['-created_at', 'created_at', 'name', '-name', 'utilisation', '-utilisation'] as const

export const listServersContract = defineContract({
  id: 'listServers',
  group,
  method: 'GET',
  path: base,
  summary: 'All servers with how full they are and whether their worker lives, newest first unless sorted otherwise',
  query: tableQuerySchema.extend({
    status: serverStatusSchema.optional(),
    region: textSchema(100).optional(),
    q: textSchema(100).optional().describe('How the name begins, in any case; or the whole id of a server.'),
    sort: z.enum(serverSorts).default('-created_at').describe('`-` is descending.'),
  }),
  responses: { 200: tableSchema(serverViewSchema) },
  errors: [],
})

export const getServerContract = defineContract({
  id: 'getServer',
  group,
  method: 'GET',
  path: one,
  summary: 'A server, with how far a drain or a rebalance has come',
  params,
  responses: { 200: successSchema(serverViewSchema) },
  errors: ['NOT_FOUND'],
})

export const drainServerContract = defineContract({
  id: 'drainServer',
  group,
  method: 'POST',
  path: `${one}/drain`,
  summary: 'It takes nothing new and hands over what it has; `drain` of the server tells the progress',
  params,
  responses: { 200: successSchema(serverViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const activateServerContract = defineContract({
  id: 'activateServer',
  group,
  method: 'POST',
  path: `${one}/activate`,
  summary: 'It takes instances again; what has left comes back only by a rebalance',
  params,
  responses: { 200: successSchema(serverViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const moveViewSchema = z.object({
  instance_id: idSchema('instance'),
  from: idSchema('server'),
  to: idSchema('server'),
})

export const rebalanceServerContract = defineContract({
  id: 'rebalanceServer',
  group,
  method: 'POST',
  path: `${one}/rebalance`,
  summary:
    'Moves the fewest instances between it and others of its region, idle ones first, so that it holds its share',
  params,
  responses: {
    200: successSchema(
      z.object({
        moves: z
          .array(moveViewSchema)
          .describe('What was ordered; `instances.leaving` and `.arriving` of the servers tell the progress.'),
      }),
    ),
  },
  errors: ['NOT_FOUND', 'CONFLICT'],
})
