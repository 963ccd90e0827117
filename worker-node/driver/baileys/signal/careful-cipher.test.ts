import { expect, it } from 'vitest'
import { silenceLibsignal } from '#worker-node/driver/baileys/silence-libsignal.ts'
import { contactJid, createSignalAccount } from '#worker-node/testing/signal-account.ts'
import { asE2ESession, createSignalContact } from '#worker-node/testing/signal-contact.ts'

silenceLibsignal()

it('a straggler of an older session leaves the current one as it is', async () => {
  const [account, contact] = [await createSignalAccount(), createSignalContact()]
  const begin = () => account.repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })
  const send = async (text: string) =>
    contact.decrypt(await account.repository.encryptMessage({ jid: contactJid, data: Buffer.from(text) }))
  const answer = async (text: string) => account.receive(await contact.encrypt(text))

  await begin()
  await send('in the first session')
  await answer('so am I')
  const straggler = await contact.encrypt('I come late')
  // libsignal sorts sessions by the millisecond of their last use.
  const usedAt = Date.now()
  await expect.poll(() => Date.now()).toBeGreaterThan(usedAt)
  await begin()
  await send('in the second session')
  await answer('me too')

  expect(String(await account.receive(straggler))).toBe('I come late')
  expect(await send('still in the second session')).toBe('still in the second session')
  expect(String(await answer('I can read you'))).toBe('I can read you')
})
