import { describe, expect, it } from 'vitest'
import { silenceLibsignal } from '#worker-node/driver/baileys/silence-libsignal.ts'
import { contactJid, createSignalAccount, type SignalAccount } from '#worker-node/testing/signal-account.ts'
import { asE2ESession, createSignalContact, type SignalContact } from '#worker-node/testing/signal-contact.ts'
import { sendingMessage } from './outbound-context.ts'

silenceLibsignal()

/** As Baileys does when it has a new bundle of the contact's phone. */
const inject = ({ repository }: SignalAccount, contact: SignalContact) =>
  repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })

/** A message there and an answer back: both sides write in the same session now. */
async function settle(account: SignalAccount, contact: SignalContact): Promise<void> {
  const envelope = await account.repository.encryptMessage({ jid: contactJid, data: Buffer.from('hello') })
  await contact.decrypt(envelope)
  await account.repository.decryptMessage({ jid: contactJid, ...(await contact.encrypt('hello back')) })
}

const baseKeyOf = async ({ repository }: SignalAccount) => (await repository.getSessionInfo(contactJid))?.baseKey

describe('a bundle of somebody with whom there is a session', () => {
  it('that comes while a message is sent changes nothing: only the device list was refreshed', async () => {
    const [account, contact] = [await createSignalAccount(), createSignalContact()]
    await inject(account, contact)
    await settle(account, contact)
    const before = await baseKeyOf(account)
    account.commits.length = 0
    await sendingMessage('msg_1', () => inject(account, contact))
    expect(await baseKeyOf(account)).toEqual(before)
    expect(account.commits).toEqual([])
  })

  it('makes a new session as long as the contact has not answered: it may be writing in one of its own', async () => {
    const [account, contact] = [await createSignalAccount(), createSignalContact()]
    await inject(account, contact)
    const before = await baseKeyOf(account)
    await sendingMessage('msg_1', () => inject(account, contact))
    expect(await baseKeyOf(account)).not.toEqual(before)
  })

  it('makes a new session when the contact has a new identity', async () => {
    const [account, contact] = [await createSignalAccount(), createSignalContact()]
    await inject(account, contact)
    await settle(account, contact)
    const before = await baseKeyOf(account)
    const reinstalled = createSignalContact()
    await sendingMessage('msg_1', () => inject(account, reinstalled))
    expect(await baseKeyOf(account)).not.toEqual(before)
    const envelope = await account.repository.encryptMessage({ jid: contactJid, data: Buffer.from('welcome back') })
    expect(await reinstalled.decrypt(envelope)).toBe('welcome back')
  })

  it('makes a new session when the contact could not read: that is asked for outside of a send', async () => {
    const [account, contact] = [await createSignalAccount(), createSignalContact()]
    await inject(account, contact)
    await settle(account, contact)
    const before = await baseKeyOf(account)
    await inject(account, contact)
    expect(await baseKeyOf(account)).not.toEqual(before)
  })

  it('makes a session when the one there was is deleted', async () => {
    const [account, contact] = [await createSignalAccount(), createSignalContact()]
    await inject(account, contact)
    await account.repository.deleteSession([contactJid])
    await sendingMessage('msg_1', () => inject(account, contact))
    expect(await baseKeyOf(account)).toBeDefined()
  })
})
