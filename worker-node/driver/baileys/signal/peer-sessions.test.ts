import { beforeEach, describe, expect, it } from 'vitest'
import { silenceLibsignal } from '#worker-node/driver/baileys/silence-libsignal.ts'
import { createSignalAccount, type SignalAccount } from '#worker-node/testing/signal-account.ts'
import { asE2ESession, createSignalContact } from '#worker-node/testing/signal-contact.ts'
import { createSignalKeyStore } from './signal-key-store.ts'

silenceLibsignal()
const number = '5511999990002'
const phone = `${number}@s.whatsapp.net`
const tablet = `${number}:2@s.whatsapp.net`
const lid = '85123456789@lid'
const none = { migrated: 0, skipped: 0, total: 0 }

let account: SignalAccount
beforeEach(async () => {
  account = await createSignalAccount()
})

async function meet(jid: string) {
  const contact = createSignalContact()
  await account.repository.injectE2ESession({ jid, session: asE2ESession(contact.bundle()) })
  return contact
}
const storedAt = async (...ids: string[]) => [...(await account.store.get('session', ids)).keys()].toSorted()

describe('what Baileys asks about sessions', () => {
  it('is answered by whether there is an open one', async () => {
    const { repository } = account
    expect(await repository.validateSession(lid)).toEqual({ exists: false, reason: 'no open session' })
    expect(await repository.getSessionInfo(lid)).toBeNull()
    await meet(lid)
    expect(await repository.validateSession(lid)).toEqual({ exists: true })
    expect(await repository.getSessionInfo(lid)).toMatchObject({ registrationId: expect.any(Number) })
    await repository.deleteSession([lid])
    expect(await repository.validateSession(lid)).toMatchObject({ exists: false })
    await repository.deleteSession([])
  })
})

describe('a contact whose LID becomes known', () => {
  it('keeps its sessions, all devices in one commit, under the LID alone', async () => {
    const contact = await meet(phone)
    await meet(tablet)
    await createSignalKeyStore(account.store).set({ 'device-list': { [number]: ['0', '2', '3'] } })
    await account.repository.lidMapping.storeLIDPNMappings([{ lid, pn: phone }])
    account.commits.length = 0

    expect(await account.repository.migrateSession(phone, lid)).toEqual({ migrated: 2, skipped: 1, total: 3 })
    expect(account.commits).toHaveLength(1)
    const underLid = ['85123456789_1.0', '85123456789_1.2']
    expect(await storedAt(`${number}.0`, `${number}.2`, '85123456789_1.3', ...underLid)).toEqual(underLid)
    // And it goes on where it was, by whichever of the two addresses.
    const envelope = await account.repository.encryptMessage({ jid: phone, data: Buffer.from('still me') })
    expect(await contact.decrypt(envelope)).toBe('still me')
  })

  it('is moved once, and never over a session under the LID', async () => {
    await meet(lid)
    await meet(phone)
    const before = (await account.store.get('session', ['85123456789_1.0'])).get('85123456789_1.0')
    await account.repository.migrateSession(phone, lid)
    expect((await account.store.get('session', ['85123456789_1.0'])).get('85123456789_1.0')).toEqual(before)
    expect(await storedAt(`${number}.0`)).toEqual([])

    account.commits.length = 0
    expect(await account.repository.migrateSession(phone, lid)).toEqual(none)
    expect(account.commits).toEqual([])
  })

  it('is left alone when there is nothing to move or it is no such pair', async () => {
    expect(await account.repository.migrateSession(lid, lid)).toEqual(none)
    expect(await account.repository.migrateSession(phone, phone)).toEqual(none)
    expect(await account.repository.migrateSession(phone, lid)).toMatchObject({ migrated: 0 })
    expect(account.commits).toEqual([])
  })
})
