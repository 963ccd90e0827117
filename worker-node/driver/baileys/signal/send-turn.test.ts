import { describe, expect, it } from 'vitest'
import { silenceLibsignal } from '#worker-node/driver/baileys/silence-libsignal.ts'
import { contactJid, createSignalAccount } from '#worker-node/testing/signal-account.ts'
import { asE2ESession, createSignalContact } from '#worker-node/testing/signal-contact.ts'
import { sendingMessage } from './outbound-context.ts'

silenceLibsignal()

describe('the turn of a send', () => {
  it('costs one commit for each of many messages at once, although all have a step at the own phone', async () => {
    const account = await createSignalAccount()
    const ownPhone = '85000000009@lid'
    const contacts = ['85000000001@lid', '85000000002@lid', '85000000003@lid', '85000000004@lid']
    for (const jid of [ownPhone, ...contacts]) {
      await account.repository.injectE2ESession({ jid, session: asE2ESession(createSignalContact().bundle()) })
    }
    account.commits.length = 0
    const send = (jid: string) =>
      sendingMessage(`msg_${jid}`, () =>
        Promise.all(
          [jid, ownPhone].map((to) => account.repository.encryptMessage({ jid: to, data: Buffer.from('x') })),
        ),
      )
    await Promise.all(contacts.map(send))
    expect(account.commits.map(({ sending }) => sending)).toEqual(contacts.map((jid) => [`msg_${jid}`]))
  })

  it('goes on when an encryption before it failed', async () => {
    const account = await createSignalAccount()
    const encrypt = (jid: string) => account.repository.encryptMessage({ jid, data: Buffer.from('x') })
    const noSession = expect(sendingMessage('msg_1', () => encrypt('85000000007@lid'))).rejects.toThrow('No sessions')
    await account.repository.injectE2ESession({
      jid: contactJid,
      session: asE2ESession(createSignalContact().bundle()),
    })
    const sent = sendingMessage('msg_2', () => encrypt(contactJid))
    await noSession
    expect(await sent).toBe('handed-over')
  })
})
