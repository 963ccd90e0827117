import { z } from 'zod'
import { cursorListSchema, successSchema } from '#contracts/envelope.ts'
import { phoneNumberSchema, textSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { maxTextLength } from '#contracts/message-content.ts'
import { defineContract } from './contract.ts'
import { messageViewSchema } from './message-view.ts'
import { listMessagesContract } from './messages.ts'

const group = 'Fleet'
const base = '/api/admin/instances/:instance_id/messages'
const params = z.strictObject({ instance_id: idSchema('instance') })

export const listFleetMessagesContract = defineContract({
  id: 'listFleetMessages',
  group,
  method: 'GET',
  path: base,
  summary: 'The messages of an instance, newest first, with what they say: for those who help its customer',
  params,
  query: listMessagesContract.query,
  responses: { 200: cursorListSchema(messageViewSchema) },
  errors: ['NOT_FOUND'],
})

export const getFleetMessageContract = defineContract({
  id: 'getFleetMessage',
  group,
  method: 'GET',
  path: `${base}/:message_id`,
  summary: 'One message of an instance with its status and times',
  params: params.extend({ message_id: idSchema('message') }),
  responses: { 200: successSchema(messageViewSchema) },
  errors: ['NOT_FOUND'],
})

export const sendTestMessageContract = defineContract({
  id: 'sendTestMessage',
  group,
  method: 'POST',
  path: base,
  summary: 'Send a text from an instance that is connected; it counts as a message of its customer',
  params,
  body: z.strictObject({
    to: phoneNumberSchema,
    text: textSchema(maxTextLength).meta({ examples: ['Hello'] }),
  }),
  responses: { 202: successSchema(messageViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT', 'INSTANCE_NOT_CONNECTED', 'QUOTA_EXCEEDED'],
})
