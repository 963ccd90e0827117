import { z } from 'zod'

/** What the control API takes in. Unknown fields are refused everywhere. */

const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, 'Write the number in E.164, like +5511987654321.')
const recipient = z
  .string()
  .regex(/^(\+[1-9]\d{6,14}|\d+@(s\.whatsapp\.net|lid))$/, 'Write an E.164 number or a jid, like 85...@lid.')
const group = z.string().regex(/^\d+(-\d+)?@g\.us$/, 'Write the jid of a group, like 1203...@g.us.')
const milliseconds = z.int().min(0).max(600_000)

export const makePhoneInput = z.strictObject({
  phone_number: phoneNumber.optional(),
  name: z.string().min(1).max(100).optional(),
})

export const scanInput = z.strictObject({
  qr: z.string().min(1).max(2000),
  refresh_first: z.boolean().optional(),
})

export const codeInput = z.strictObject({ code: z.string().min(8).max(20) })

const writing = {
  text: z.string().min(1).max(65_536),
  id: z
    .string()
    .regex(/^[0-9A-Z._-]{1,64}$/, 'Use upper-case letters, digits, dots, dashes and underscores.')
    .optional(),
}

export const sendInput = z.strictObject({ to: recipient, ...writing })

export const sendToGroupInput = z.strictObject({ group, members: z.array(recipient).max(1024), ...writing })

export const readInput = z.strictObject({ chat: recipient })

export const behaviourInput = z.strictObject({
  delivered_receipts: z.boolean().optional(),
  read_receipts: z.boolean().optional(),
  /** A fixed text, or null to stop answering. */
  auto_reply: z.string().min(1).max(65_536).nullable().optional(),
})

export const shownQuery = z.strictObject({
  chat: z.union([recipient, group]).optional(),
  /** Only messages with exactly this text. */
  text: z.string().max(65_536).optional(),
  /** Waits so long for a first match before it answers with an empty list. */
  wait_ms: z.coerce.number().pipe(milliseconds).optional(),
})

export const refreshInput = z.strictObject({
  qr: z.string().min(1).max(2000),
  shape: z.enum(['companion_reg_refresh', 'pair-device-rotate-qr']).optional(),
})

export const disconnectInput = z.strictObject({
  phone_number: phoneNumber.optional(),
  device_id: z.int().min(1).max(255).optional(),
  connection_id: z.int().min(1).optional(),
  how: z.enum(['drop', 'close', '503', '515', 'replaced', 'device-removed']),
})

const code = z.int().min(400).max(599)
const action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('delay'), delay_ms: milliseconds }),
  z.strictObject({ kind: z.literal('duplicate') }),
  z.strictObject({ kind: z.literal('corrupt') }),
  z.strictObject({ kind: z.literal('close') }),
  z.strictObject({ kind: z.literal('close-before-ack') }),
  z.strictObject({ kind: z.literal('close-after-ack') }),
  z.strictObject({ kind: z.literal('refuse'), code }),
  z.strictObject({ kind: z.literal('silence') }),
  z.strictObject({ kind: z.literal('fail-login'), code }),
  z.strictObject({ kind: z.literal('refuse-connection'), http_status: code.optional() }),
])

export const faultInput = z.strictObject({
  action,
  phone_number: phoneNumber.optional(),
  device_id: z.int().min(1).max(255).optional(),
  connection_id: z.int().min(1).optional(),
  new_connections_only: z.boolean().optional(),
  direction: z.enum(['from-device', 'to-device']).optional(),
  stanza: z.string().min(1).max(40).optional(),
  type: z.string().min(1).max(40).optional(),
  times: z.int().min(1).max(1_000_000).optional(),
})
