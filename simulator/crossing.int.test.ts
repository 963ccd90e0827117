import { expect, it } from 'vitest'
import { useStage } from './testing/stage.ts'

const stage = useStage()

it('reads everything in the end when both sides begin to write at once', async () => {
  const { phone, client } = await stage.linked()
  await client.stop()
  const texts = new Map<string, string>()
  client.connect({ getMessage: async ({ id }) => ({ conversation: texts.get(id ?? '') ?? '' }) })
  await client.open()
  const contacts = await Promise.all(Array.from({ length: 5 }, () => stage.simulator.makePhone()))
  // What the contacts write is under way while the client begins its own sessions.
  const { phoneNumber } = phone
  stage.simulator.faults.add({
    action: { kind: 'delay', delayMs: 300 },
    phoneNumber,
    direction: 'to-device',
    times: 15,
  })
  await Promise.all(
    contacts.flatMap((contact, c) =>
      [0, 1, 2].map(async (n) => {
        const messageId = `CROSSING${c}${n}AAAAAA`
        texts.set(messageId, `out ${c} ${n}`)
        await Promise.all([
          client.socket.sendMessage(contact.jid, { text: `out ${c} ${n}` }, { messageId }),
          contact.sendText(phone.phoneNumber, `in ${c} ${n}`),
        ])
      }),
    ),
  )
  for (const [c, contact] of contacts.entries()) {
    for (const n of [0, 1, 2]) {
      await contact.waitForMessage(({ body }) => body === `out ${c} ${n}`)
      await client.text(`in ${c} ${n}`)
    }
    await client.socket.sendMessage(contact.jid, { text: `again ${c}` }, { messageId: `AGAIN${c}` })
    await contact.sendText(phoneNumber, `last ${c}`)
    await client.text(`last ${c}`)
    await contact.waitForMessage(({ body }) => body === `again ${c}`)
    expect(new Set(contact.shown().map(({ body }) => body)).size).toBe(contact.shown().length)
  }
})
