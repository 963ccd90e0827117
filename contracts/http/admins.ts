import { z } from 'zod'
import { successSchema, tableSchema } from '#contracts/envelope.ts'
import { exampleId } from '#contracts/examples.ts'
import { emailSchema, nameSchema, tableQuerySchema, textSchema, timestampSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { adminRoleSchema } from '#contracts/roles.ts'
import { defineContract } from './contract.ts'

const group = 'Admins'

export const adminViewSchema = z
  .object({
    id: idSchema('admin'),
    email: z.string(),
    name: z.string(),
    role: adminRoleSchema,
    totp_enabled: z.boolean(),
    created_at: timestampSchema,
    disabled_at: timestampSchema.nullable(),
  })
  .meta({
    id: 'Admin',
    examples: [
      {
        id: exampleId('adm'),
        email: 'ana@example.com',
        name: 'Ana',
        role: 'admin',
        totp_enabled: true,
        created_at: '2026-01-31T12:00:00.000Z',
        disabled_at: null,
      },
    ],
  })
export type AdminView = z.infer<typeof adminViewSchema>

const passwordView = z.string().describe('Shown this once.')
const params = z.strictObject({ admin_id: idSchema('admin') })

export const listAdminsContract = defineContract({
  id: 'listAdmins',
  group,
  method: 'GET',
  path: '/api/admin/admins',
  summary: 'All admins, newest first',
  query: tableQuerySchema,
  responses: { 200: tableSchema(adminViewSchema) },
  errors: [],
})

export const createAdminContract = defineContract({
  id: 'createAdmin',
  group,
  method: 'POST',
  path: '/api/admin/admins',
  summary: 'A new admin with a random password that is shown this once',
  body: z.strictObject({ email: emailSchema, name: nameSchema().meta({ examples: ['Ana'] }), role: adminRoleSchema }),
  responses: { 201: successSchema(adminViewSchema.extend({ password: passwordView })) },
  errors: ['CONFLICT'],
})

export const updateAdminContract = defineContract({
  id: 'updateAdmin',
  group,
  method: 'PUT',
  path: '/api/admin/admins/:admin_id',
  summary: 'Change name or role, disable or enable; another role and being disabled end the sessions',
  params,
  body: z
    .strictObject({
      name: nameSchema().optional(),
      role: adminRoleSchema.optional(),
      disabled: z.boolean('must be true or false').optional(),
    })
    .refine((body) => Object.values(body).some((value) => value !== undefined), 'must change something')
    .meta({ examples: [{ role: 'viewer' }] }),
  responses: { 200: successSchema(adminViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const resetAdminContract = defineContract({
  id: 'resetAdmin',
  group,
  method: 'POST',
  path: '/api/admin/admins/:admin_id/reset',
  summary: 'A new random password without an authenticator app, for an admin who lost either; all sessions end',
  params,
  responses: { 200: successSchema(z.object({ password: passwordView }).meta({ id: 'NewPassword' })) },
  errors: ['NOT_FOUND'],
})

export const auditViewSchema = z
  .object({
    id: idSchema('auditEntry'),
    occurred_at: timestampSchema,
    admin_id: idSchema('admin').nullable().describe('Null for a log-in that failed, and for what a customer did.'),
    admin_email: z.string().nullable(),
    action: z.string(),
    target: z.string().nullable(),
    customer_id: idSchema('customer').nullable(),
    address: z.string().nullable().describe('Network address that the request came from.'),
    request_id: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({
    id: 'AuditEntry',
    examples: [
      {
        id: exampleId('aud'),
        occurred_at: '2026-01-31T12:00:00.000Z',
        admin_id: exampleId('adm'),
        admin_email: 'ana@example.com',
        action: 'admin.create',
        target: exampleId('adm'),
        customer_id: null,
        address: '203.0.113.7',
        request_id: exampleId('req'),
        details: { role: 'viewer' },
      },
    ],
  })

const auditFilterSchema = z.strictObject({
  admin_id: idSchema('admin').optional(),
  action: textSchema(100).optional(),
  target: textSchema(300).optional(),
  from: timestampSchema.optional().describe('At or after.'),
  to: timestampSchema.optional().describe('Before.'),
})

export const listAuditLogsContract = defineContract({
  id: 'listAuditLogs',
  group,
  method: 'GET',
  path: '/api/admin/audit-logs',
  summary: 'Who did what, newest first',
  query: tableQuerySchema.extend(auditFilterSchema.shape),
  responses: { 200: tableSchema(auditViewSchema) },
  errors: [],
})

export const exportAuditLogContract = defineContract({
  id: 'exportAuditLog',
  group,
  method: 'GET',
  path: '/api/admin/audit-logs/export',
  summary: 'All that the filters let through, newest first, as a file for spreadsheets; the export is audited itself',
  query: auditFilterSchema,
  responses: {},
  otherMedia: {
    'text/csv': z
      .string()
      .describe(
        'RFC 4180 in UTF-8, with a header line and moments in UTC. A cell that a spreadsheet would take for a formula begins with an apostrophe.',
      ),
  },
  answerHeaders: z.object({
    'content-disposition': z
      .string()
      .describe('The name of the file.')
      .meta({ examples: ['attachment; filename="audit-log-2026-01-31T12-00-00Z.csv"'] }),
  }),
  errors: [],
})
