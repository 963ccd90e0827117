import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { exampleId } from '#contracts/examples.ts'
import { nameSchema, timestampSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { defineContract } from './contract.ts'
import { cpuCoresSchema, ramGbSchema } from '#contracts/server-figures.ts'

const group = 'Servers'

const exampleToken = 'wet_this0is0where0the0enrollment0token0is0shown'

export const enrollmentViewSchema = z
  .object({
    token: z.string().describe('Shown this once; good for one enrollment.'),
    expires_at: timestampSchema,
    command: z.string().describe('What to run on the server.'),
  })
  .meta({
    id: 'Enrollment',
    examples: [
      {
        token: exampleToken,
        expires_at: '2026-01-31T13:00:00.000Z',
        command: `npm run worker -- --enroll ${exampleToken} --edge https://api.example.com`,
      },
    ],
  })
export type EnrollmentView = z.infer<typeof enrollmentViewSchema>

export const renewEnrollmentContract = defineContract({
  id: 'renewEnrollment',
  group,
  method: 'POST',
  path: '/api/admin/servers/:server_id/enrollment-token',
  summary: 'Another token by which a worker enrolls once as this server; the one before it is worth nothing',
  params: z.strictObject({ server_id: idSchema('server') }),
  responses: { 201: successSchema(enrollmentViewSchema) },
  errors: ['NOT_FOUND'],
})

/** What `POST /internal/enroll` answers; the worker reads it by this. */
export const enrolledSchema = successSchema(
  z.object({ server_id: idSchema('server'), name: z.string(), url: z.string() }).meta({
    id: 'Enrolled',
    examples: [{ server_id: exampleId('srv'), name: 'sao-paulo-1', url: 'https://sao-paulo-1.example.com' }],
  }),
)

export const enrollWorkerContract = defineContract({
  id: 'enrollWorker',
  group,
  method: 'POST',
  path: '/internal/enroll',
  summary: 'For workers: registers the public key and the figures of a server by its token, once',
  body: z.strictObject({
    token: z
      .string()
      .regex(/^wet_[0-9A-Za-z]{43}$/, 'must be a whole enrollment token, such as wet_... with 43 more characters')
      .meta({ examples: [exampleToken] }),
    public_key: z
      .string()
      .regex(/^[\w-]{43}$/, 'must be a public Ed25519 key of 32 bytes in base64url')
      .meta({ examples: ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'] }),
    version: nameSchema().meta({ examples: ['0.1.0'] }),
    cpu_cores: cpuCoresSchema,
    ram_gb: ramGbSchema,
  }),
  responses: { 200: enrolledSchema },
  errors: ['INVALID_ENROLLMENT_TOKEN'],
})
