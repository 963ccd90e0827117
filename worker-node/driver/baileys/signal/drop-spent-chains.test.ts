import { expect, it } from 'vitest'
import { silenceLibsignal } from '#worker-node/driver/baileys/silence-libsignal.ts'
import { contactJid, createSignalAccount, type SignalAccount } from '#worker-node/testing/signal-account.ts'
import { asE2ESession, createSignalContact, type SignalContact } from '#worker-node/testing/signal-contact.ts'
import { createStockAccount } from '#worker-node/testing/stock-repository.ts'
import type { SignalRepository } from '@whiskeysockets/baileys'

silenceLibsignal()

/** One message each way: a ratchet step. Answers the size of the stored record after it. */
async function pingPong(
  repository: SignalRepository,
  receive: SignalAccount['receive'],
  contact: SignalContact,
  n: number,
): Promise<void> {
  await contact.decrypt(await repository.encryptMessage({ jid: contactJid, data: Buffer.from(`ping ${n}`) }))
  expect(Buffer.from(await receive(await contact.encrypt(`pong ${n}`), `ID${n}`)).toString()).toBe(`pong ${n}`)
}

it('a session does not grow with the answers that came', async () => {
  const [account, contact] = [await createSignalAccount(), createSignalContact()]
  await account.repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })
  const sizeAfter = async (from: number, to: number) => {
    for (let n = from; n < to; n++) await pingPong(account.repository, account.receive, contact, n)
    return account.commits.at(-1)?.keys?.[0]?.value?.length ?? 0
  }
  const early = await sizeAfter(0, 10)
  expect(await sizeAfter(10, 60)).toBeLessThan(early + 50)
})

it('grows with each of them with stock Baileys', async () => {
  const [stock, contact] = [createStockAccount(), createSignalContact()]
  await stock.repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })
  const receive: SignalAccount['receive'] = (envelope) =>
    stock.repository.decryptMessage({ jid: contactJid, ...envelope })
  const size = () => JSON.stringify(stock.stored.get('session/85123456789_1.0')).length
  for (let n = 0; n < 10; n++) await pingPong(stock.repository, receive, contact, n)
  const early = size()
  for (let n = 10; n < 60; n++) await pingPong(stock.repository, receive, contact, n)
  expect(size()).toBeGreaterThan(early + 50 * 50)
})

it('what is still missing from an old chain can be read later', async () => {
  const [account, contact] = [await createSignalAccount(), createSignalContact()]
  await account.repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })
  await pingPong(account.repository, account.receive, contact, 0)
  const late = await contact.encrypt('late')
  for (let n = 1; n < 20; n++) await pingPong(account.repository, account.receive, contact, n)
  expect(Buffer.from(await account.receive(late, 'LATE')).toString()).toBe('late')
})
