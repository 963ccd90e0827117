import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { nameSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { cpuCoresSchema, maxCapacitySchema, ramGbSchema } from '#contracts/server-figures.ts'
import { defineContract } from './contract.ts'
import { enrollmentViewSchema } from './enrollment.ts'
import { serverStatusSchema, serverViewSchema } from './servers.ts'

const group = 'Servers'
const base = '/api/admin/servers'
const one = `${base}/:server_id`
const params = z.strictObject({ server_id: idSchema('server') })
const oneServer = successSchema(serverViewSchema)

/** An origin that the edge can ask: nobody but the machine itself reaches plain HTTP on it. */
function isWorkerUrl(value: string): boolean {
  try {
    const { protocol, host, hostname } = new URL(value)
    const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
    return value === `${protocol}//${host}` && (protocol === 'https:' || (protocol === 'http:' && isHere))
  } catch {
    return false
  }
}

const fields = {
  name: z
    .string()
    .min(3, 'must have at least 3 characters')
    .max(100, 'must have at most 100 characters')
    .regex(/^[a-zA-Z0-9-]*$/, 'must have only letters, digits and hyphens')
    .meta({ examples: ['sao-paulo-1'] }),
  url: z
    .string()
    .max(300, 'must have at most 300 characters')
    .refine(isWorkerUrl, 'must be an address such as https://sao-paulo-1.example.com, without a path')
    .describe('Where the edge reaches its worker: a host name with a public certificate.')
    .meta({ examples: ['https://sao-paulo-1.example.com'] }),
  region: nameSchema().meta({ examples: ['sa-east'] }),
  ip_address: z
    .union([z.ipv4(), z.ipv6()], 'must be an IPv4 or IPv6 address')
    .describe('For people and deployment; the edge uses the url.')
    .meta({ examples: ['203.0.113.7'] }),
  max_capacity: maxCapacitySchema.describe('Instances that it takes at most.'),
}

/** What may be unknown. */
const moreFields = {
  provider: nameSchema()
    .nullable()
    .meta({ examples: ['Hetzner'] }),
  cpu_cores: cpuCoresSchema.nullable(),
  ram_gb: ramGbSchema.nullable(),
  cost_per_month: z
    .number('must be a number')
    .min(0, 'must be at least 0')
    .max(1_000_000, 'must be at most 1000000')
    .multipleOf(0.01, 'must have at most 2 decimals')
    .nullable()
    .describe('In whatever currency you count.'),
}

export const createServerContract = defineContract({
  id: 'createServer',
  group,
  method: 'POST',
  path: base,
  summary:
    'Add a server to the registry; it becomes active when its worker enrolls by the token, which is shown this once',
  body: z.strictObject({ ...fields, ...z.object(moreFields).partial().shape }),
  responses: { 201: successSchema(serverViewSchema.extend({ enrollment: enrollmentViewSchema })) },
  errors: ['CONFLICT'],
})

export const updateServerContract = defineContract({
  id: 'updateServer',
  group,
  method: 'PUT',
  path: one,
  summary: 'Change what is said of a server; with a smaller capacity it keeps what it has and takes no more',
  params,
  body: z
    .strictObject({ ...fields, ...moreFields })
    .partial()
    .refine((body) => Object.values(body).some((value) => value !== undefined), 'must change something')
    .meta({ examples: [{ max_capacity: 150 }] }),
  responses: { 200: oneServer },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const deleteServerContract = defineContract({
  id: 'deleteServer',
  group,
  method: 'DELETE',
  path: one,
  summary: 'Remove a server that holds no instances (drain it first); its worker loses its lease',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const setServerStatusContract = defineContract({
  id: 'setServerStatus',
  group,
  method: 'POST',
  path: `${one}/status`,
  summary: 'Change the status, with a reason for people; in every status but `active` the server is emptied',
  params,
  body: z.strictObject({
    status: serverStatusSchema.exclude(['provisioning']),
    reason: nameSchema(300)
      .optional()
      .meta({ examples: ['New disk on Monday'] }),
  }),
  responses: { 200: oneServer },
  errors: ['NOT_FOUND', 'CONFLICT'],
})
