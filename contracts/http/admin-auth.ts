import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { exampleId } from '#contracts/examples.ts'
import { emailSchema, textSchema, timestampSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { adminRoleSchema } from '#contracts/roles.ts'
import { defineContract } from './contract.ts'

const group = 'Log-in'
const base = '/api/admin/auth'
const password = textSchema(200)
const code = textSchema(20).describe('Six digits of the authenticator app, or a recovery code.')

/** The cookie itself is HttpOnly: only these paths ever see it. */
export const refreshCookie = { name: 'wharf_refresh', path: base } as const
const cookieHeaders = z.strictObject({
  cookie: z.string().optional().describe('`wharf_refresh`: set by log-in and refresh, and read by no script.'),
})

export const accessViewSchema = z
  .object({
    access_token: z.string().describe('For `Authorization: Bearer`. Keep it in memory only.'),
    expires_in: z.number().int().describe('Seconds.'),
    admin: z.object({ id: idSchema('admin'), email: z.string(), role: adminRoleSchema }),
  })
  .meta({
    id: 'Access',
    examples: [
      {
        access_token: 'eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl',
        expires_in: 900,
        admin: { id: exampleId('adm'), email: 'ana@example.com', role: 'admin' },
      },
    ],
  })
export type AccessView = z.infer<typeof accessViewSchema>

export const logInContract = defineContract({
  id: 'logIn',
  group,
  method: 'POST',
  path: `${base}/login`,
  summary: 'Log in with e-mail address, password and, where one is set up, a code',
  body: z.strictObject({
    email: emailSchema,
    password: password.meta({ examples: ['correct horse battery staple'] }),
    code: code.optional(),
  }),
  responses: { 200: successSchema(accessViewSchema) },
  answerHeaders: z.object({ 'set-cookie': z.string().describe('The refresh token, HttpOnly, for this path only.') }),
  errors: ['INVALID_CREDENTIALS', 'TOTP_REQUIRED'],
})

export const refreshSessionContract = defineContract({
  id: 'refreshSession',
  group,
  method: 'POST',
  path: `${base}/refresh`,
  summary: 'A new access token for the refresh token in the cookie, which is replaced',
  headers: cookieHeaders,
  responses: { 200: successSchema(accessViewSchema) },
  answerHeaders: z.object({ 'set-cookie': z.string().optional() }),
  errors: ['SESSION_ENDED', 'FORBIDDEN'],
})

export const logOutContract = defineContract({
  id: 'logOut',
  group,
  method: 'POST',
  path: `${base}/logout`,
  summary: 'End the session of the cookie',
  headers: cookieHeaders,
  responses: { 204: null },
  answerHeaders: z.object({ 'set-cookie': z.string() }),
  errors: ['FORBIDDEN'],
})

export const logOutEverywhereContract = defineContract({
  id: 'logOutEverywhere',
  group,
  method: 'POST',
  path: `${base}/logout-everywhere`,
  summary: 'End all sessions of this admin, the present one too',
  responses: { 200: successSchema(z.object({ ended: z.number().int() })) },
  errors: [],
})

export const sessionViewSchema = z
  .object({
    id: idSchema('adminSession'),
    current: z.boolean().describe('The session that asks.'),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: timestampSchema,
    refreshed_at: timestampSchema,
    expires_at: timestampSchema,
  })
  .meta({ id: 'AdminSession' })

export const ownAdminViewSchema = z
  .object({
    id: idSchema('admin'),
    email: z.string(),
    name: z.string(),
    role: adminRoleSchema,
    totp_enabled: z.boolean(),
    recovery_codes_left: z.number().int(),
    sessions: z.array(sessionViewSchema),
  })
  .meta({ id: 'OwnAdmin' })

export const getOwnAdminContract = defineContract({
  id: 'getOwnAdmin',
  group,
  method: 'GET',
  path: `${base}/me`,
  summary: 'Who is logged in, and where else',
  responses: { 200: successSchema(ownAdminViewSchema) },
  errors: [],
})

export const endSessionContract = defineContract({
  id: 'endSession',
  group,
  method: 'DELETE',
  path: `${base}/sessions/:session_id`,
  summary: 'End one session of this admin',
  params: z.strictObject({ session_id: idSchema('adminSession') }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
})

export const changePasswordContract = defineContract({
  id: 'changePassword',
  group,
  method: 'POST',
  path: `${base}/password`,
  summary: 'Choose a new password; the other sessions of this admin end',
  body: z.strictObject({
    current_password: password.meta({ examples: ['correct horse battery staple'] }),
    new_password: password.meta({ examples: ['a longer one, that nobody knows'] }),
  }),
  responses: { 204: null },
  errors: ['INVALID_CREDENTIALS'],
})

export const beginTotpContract = defineContract({
  id: 'beginTotp',
  group,
  method: 'POST',
  path: `${base}/totp`,
  summary: 'Begin to set up an authenticator app; nothing changes before a code of it is confirmed',
  responses: {
    201: successSchema(
      z
        .object({
          secret: z.string().describe('For apps that take no QR code.'),
          uri: z.string().describe('`otpauth://`: what the QR code says.'),
          qr_svg: z.string().describe('The QR code as a picture.'),
        })
        .meta({ id: 'TotpSecret' }),
    ),
  },
  errors: ['CONFLICT'],
})

export const confirmTotpContract = defineContract({
  id: 'confirmTotp',
  group,
  method: 'POST',
  path: `${base}/totp/confirm`,
  summary: 'From now on log-ins ask for a code; the recovery codes are shown this once',
  body: z.strictObject({ code: code.meta({ examples: ['123456'] }) }),
  responses: { 200: successSchema(z.object({ recovery_codes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' })) },
  errors: ['CONFLICT'],
})

export const removeTotpContract = defineContract({
  id: 'removeTotp',
  group,
  method: 'POST',
  path: `${base}/totp/remove`,
  summary: 'Log-ins need no code any more',
  body: z.strictObject({
    password: password.meta({ examples: ['correct horse battery staple'] }),
    code: code.meta({ examples: ['123456'] }),
  }),
  responses: { 204: null },
  errors: ['CONFLICT', 'INVALID_CREDENTIALS'],
})
