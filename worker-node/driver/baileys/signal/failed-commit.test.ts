import { addTransactionCapability, DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { silenceLibsignal } from '#worker-node/driver/baileys/silence-libsignal.ts'
import { contactJid, createSignalAccount } from '#worker-node/testing/signal-account.ts'
import { asE2ESession, createSignalContact } from '#worker-node/testing/signal-contact.ts'
import { silentBaileysLog } from '#worker-node/testing/stock-repository.ts'

silenceLibsignal()

/** The time that a server may be silent before others take its sessions. */
const leaseMs = 12_000

/** An account with one session, whose commits fail while `away` holds. */
async function accountWithSession() {
  const database = { away: false, attempts: 0 }
  const account = await createSignalAccount((keys) => ({
    ...keys,
    commit(...args) {
      database.attempts++
      return database.away ? Promise.reject(new Error('database away')) : keys.commit(...args)
    },
  }))
  const contact = createSignalContact()
  await account.repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })
  const encrypt = (from: typeof account, text: string) =>
    from.repository.encryptMessage({ jid: contactJid, data: Buffer.from(text) })
  return { database, account, contact, encrypt }
}

describe('a commit that fails', () => {
  it('is tried once, ends the connection, and holds nobody up', async () => {
    const { database, account, encrypt } = await accountWithSession()
    Object.assign(database, { away: true, attempts: 0 })
    const startedAt = performance.now()
    const sends = await Promise.allSettled([1, 2, 3].map((n) => encrypt(account, `${n}`)))
    expect(sends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(database.attempts).toBe(1)
    expect(account.broken).toHaveLength(1)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('leaves what was committed before, for whoever reads next, and nothing can be read back meanwhile', async () => {
    const { database, account, contact, encrypt } = await accountWithSession()
    await contact.decrypt(await encrypt(account, 'committed'))
    const sessions = async (of: typeof account) => (await of.store.get('session', ['85123456789_1.0'])).size
    expect(await sessions(account)).toBe(1)

    database.away = true
    await expect(encrypt(account, 'never')).rejects.toThrow('away')
    database.away = false
    await expect(sessions(account)).rejects.toThrow('away')

    const next = account.afterCrash()
    expect(await contact.decrypt(await encrypt(next, 'the counter goes on'))).toBe('the counter goes on')
  })

  it('is tried with stock Baileys for longer than a lease lasts, while everybody waits', async () => {
    const { maxCommitRetries, delayBetweenTriesMs } = DEFAULT_CONNECTION_CONFIG.transactionOpts
    expect((maxCommitRetries - 1) * delayBetweenTriesMs).toBeGreaterThan(leaseMs)

    let attempts = 0
    const set = () => {
      attempts++
      return Promise.reject(new Error('database away'))
    }
    const options = { maxCommitRetries, delayBetweenTriesMs: 0 }
    const stock = addTransactionCapability({ get: async () => ({}), set }, silentBaileysLog, options)
    const writing = async () => stock.set({ session: { a: Buffer.of(1) } })
    const failing = stock.transaction(writing, 'me').catch(() => `failed after ${attempts}`)
    const next = stock.transaction(async () => `entered after ${attempts}`, 'me')
    expect(await Promise.all([failing, next])).toEqual(['failed after 10', 'entered after 10'])
  })
})
