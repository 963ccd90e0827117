import { EventEmitter } from 'node:events'
import type { AuthenticationCreds, WASocket } from '@whiskeysockets/baileys'
import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { OutboundContent } from '#contracts/message-content.ts'
import { createSender } from './sender.ts'

async function attempt(content: unknown) {
  const asked: string[] = []
  const note = (what: string) => async () => void asked.push(what)
  const socket = { ws: new EventEmitter(), onWhatsApp: note('lookup'), relayMessage: note('relay') }
  const sender = createSender({
    socket: socket as unknown as WASocket,
    credentials: { advSecretKey: 'AAAA' } as AuthenticationCreds,
    ackTimeoutMs: 1_000,
    ended: new AbortController().signal,
    onFailure: () => asked.push('failure'),
  })
  const { outcome } = await sender.send({
    messageId: newId('message'),
    waMessageId: 'ID',
    to: '+5511999990002',
    content: content as OutboundContent,
    quoted: undefined,
  })
  return { outcome, asked }
}

it.each([{ type: 'text' }, { type: 'text', text: { body: Symbol('no text') } }])(
  'calls content that cannot be encoded invalid and asks WhatsApp nothing: %o',
  async (content) => expect(await attempt(content)).toEqual({ outcome: 'invalid', asked: [] }),
)

it('asks WhatsApp about a recipient of what can be encoded', async () => {
  const { asked } = await attempt({ type: 'text', text: { body: 'Hello' } })
  expect(asked).toContain('lookup')
})
