import type { SignalRepository } from '@whiskeysockets/baileys'
import { beforeEach, describe, expect, it } from 'vitest'
import { createMessageLine } from '#worker-node/driver/baileys/messages/message-line.ts'
import { silenceLibsignal } from '#worker-node/driver/baileys/silence-libsignal.ts'
import { contactJid, createSignalAccount, type SignalAccount } from '#worker-node/testing/signal-account.ts'
import {
  asE2ESession,
  createSignalContact,
  withForgedSignature,
  type Envelope,
  type SignalContact,
} from '#worker-node/testing/signal-contact.ts'
import { createStockAccount } from '#worker-node/testing/stock-repository.ts'
import { sendingMessage } from './outbound-context.ts'

silenceLibsignal()

/** Both have a session and have heard from each other. */
async function acquaint(repository: SignalRepository, receive: SignalAccount['receive'], contact: SignalContact) {
  await repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })
  await contact.decrypt(await repository.encryptMessage({ jid: contactJid, data: Buffer.from('hi') }))
  await receive(await contact.encrypt('hi'), 'HI')
}

/** Both write at the same time; what each can read of the other's. */
async function crossTalk(
  count: number,
  contact: SignalContact,
  send: (text: string) => Promise<{ type: string; ciphertext: Uint8Array }>,
  receive: (envelope: Envelope) => Promise<Uint8Array>,
): Promise<{ byContact: number; byAccount: number }> {
  const fromContact: Envelope[] = []
  for (let n = 0; n < count; n++) fromContact.push(await contact.encrypt(`to account ${n}`))
  const sent = Promise.allSettled(Array.from({ length: count }, (_, n) => send(`to contact ${n}`)))
  const received = Promise.allSettled(fromContact.map((envelope) => receive(envelope)))

  let byContact = 0
  for (const result of await sent) {
    if (result.status !== 'fulfilled') continue
    await contact.decrypt(result.value).then(
      () => byContact++,
      () => {},
    )
  }
  const byAccount = (await received).filter(({ status }) => status === 'fulfilled').length
  return { byContact, byAccount }
}

/** A text as WhatsApp encrypts it: a protocol buffer with its padding. */
function textMessage(text: string): string {
  return `\n${String.fromCharCode(text.length)}${text}\u0001`
}

/** Stanzas one behind the other, as `messagesInOrder` hands them over; what was answered, in order. */
function asTheSocketBrings(account: SignalAccount) {
  const line = createMessageLine()
  const answered: string[] = []
  const arrive = (envelope: Envelope, id: string) =>
    line.enter(true, async (passage) => {
      const plaintext = await account.receive(envelope, id, passage)
      answered.push(id)
      return Buffer.from(plaintext).toString()
    })
  return { arrive, answered }
}

let contact: SignalContact
beforeEach(() => {
  contact = createSignalContact()
})

describe('receiving', () => {
  it('makes ratchet and plaintext durable in one commit, before the plaintext comes back', async () => {
    const account = await createSignalAccount()
    await acquaint(account.repository, account.receive, contact)
    account.commits.length = 0
    const plaintext = await account.receive(await contact.encrypt('hello'), 'ID2')
    expect(Buffer.from(plaintext).toString()).toBe('hello')
    expect(account.commits).toHaveLength(1)
    expect(account.commits[0]).toMatchObject({
      keys: [{ type: 'session' }],
      journal: [{ waMessageId: 'ID2', stanza: { from: contactJid, enc_type: 'msg' } }],
    })
  })

  it('answers what comes again from the journal, also in another process (I3)', async () => {
    const account = await createSignalAccount()
    await acquaint(account.repository, account.receive, contact)
    const envelope = await contact.encrypt('once')
    await account.receive(envelope)
    account.commits.length = 0
    expect(Buffer.from(await account.receive(envelope)).toString()).toBe('once')

    const next = account.afterCrash()
    expect(Buffer.from(await next.receive(envelope)).toString()).toBe('once')
    expect([...account.commits, ...next.commits]).toEqual([])
    expect(account.journal()).toHaveLength(2)
  })

  it('is lost with stock Baileys: the ratchet has moved on and nothing keeps the plaintext', async () => {
    const stock = createStockAccount()
    const receive = (envelope: Envelope) => stock.repository.decryptMessage({ jid: contactJid, ...envelope })
    await acquaint(stock.repository, receive, contact)
    const envelope = await contact.encrypt('once')
    await receive(envelope)
    await expect(receive(envelope)).rejects.toThrow()
  })

  it('leaves neither ratchet nor journal when the commit fails, and closes first (I2)', async () => {
    let failing = false
    const account = await createSignalAccount((keys) => ({
      ...keys,
      commit: (...args) => (failing ? Promise.reject(new Error('database away')) : keys.commit(...args)),
    }))
    await acquaint(account.repository, account.receive, contact)
    const envelope = await contact.encrypt('again, please')
    failing = true
    const seenByBaileys = account.receive(envelope).catch((error: Error) => [error.message, account.broken.length])
    expect(await seenByBaileys).toEqual(['database away', 1])

    failing = false
    const next = account.afterCrash()
    expect(Buffer.from(await next.receive(envelope)).toString()).toBe('again, please')
  })

  it('decrypts the next while the commit of the one before is on its way, and commits together what waits', async () => {
    let open = () => {}
    const gate = new Promise<void>((resolve) => (open = resolve))
    let [gated, statements] = [false, 0]
    const account = await createSignalAccount((keys) => ({
      ...keys,
      async commit(...args) {
        statements++
        if (gated) await gate
        return keys.commit(...args)
      },
    }))
    await acquaint(account.repository, account.receive, contact)
    account.commits.length = 0
    ;[gated, statements] = [true, 0]
    const { arrive, answered } = asTheSocketBrings(account)
    const bodies = ['one', 'two', 'three', 'four']
    const all = []
    for (const body of bodies) {
      all.push(arrive(await contact.encrypt(textMessage(body)), body))
      await expect.poll(() => statements).toBe(1)
    }
    for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve))
    expect([answered, account.commits, statements]).toEqual([[], [], 1])

    open()
    await Promise.all(all)
    expect(answered).toEqual(bodies)
    expect(account.commits.map(({ journal = [] }) => journal.map(({ waMessageId }) => waMessageId))).toEqual([
      ['one'],
      ['two', 'three', 'four'],
    ])
    expect(account.commits.map(({ keys = [] }) => keys.length)).toEqual([1, 1])
  })

  it('forgets all that was decrypted when its commit fails: nobody sees any of it, and all of it comes again', async () => {
    let [failing, statements] = [false, 0]
    const account = await createSignalAccount((keys) => ({
      ...keys,
      async commit(...args) {
        if (failing && ++statements > 1) throw new Error('database away')
        return keys.commit(...args)
      },
    }))
    await acquaint(account.repository, account.receive, contact)
    failing = true
    const { arrive, answered } = asTheSocketBrings(account)
    const envelopes = new Map<string, Envelope>()
    for (const body of ['one', 'two', 'three']) envelopes.set(body, await contact.encrypt(textMessage(body)))
    const results = []
    for (const [body, envelope] of envelopes) {
      const told = (error: Error) => `${error.message}, after ${account.broken.length}`
      results.push(arrive(envelope, body).catch(told))
      await expect.poll(() => statements).toBeGreaterThan(0)
    }
    expect(await Promise.all(results)).toEqual([textMessage('one'), 'database away, after 1', 'database away, after 1'])
    expect(answered).toEqual(['one'])
    await expect(account.store.latest('session', ['85123456789_1.0'])).rejects.toThrow('away')

    failing = false
    const next = account.afterCrash()
    for (const [body, envelope] of envelopes)
      expect(Buffer.from(await next.receive(envelope, body)).toString()).toBe(textMessage(body))
    expect(account.journal().map(({ waMessageId }) => waMessageId)).toEqual(['HI', 'one', 'two', 'three'])
  })

  it('is not hurt by one beside it that cannot be decrypted, and comes again to the same answer', async () => {
    const account = await createSignalAccount()
    await acquaint(account.repository, account.receive, contact)
    const { arrive, answered } = asTheSocketBrings(account)
    const [one, broken, two] = [
      await contact.encrypt(textMessage('one')),
      await contact.encrypt(textMessage('broken')),
      await contact.encrypt(textMessage('two')),
    ]
    broken.ciphertext[broken.ciphertext.length - 1] = 0xff & ~(broken.ciphertext.at(-1) ?? 0)
    const results = await Promise.allSettled([
      arrive(one, 'one'),
      // The server delivers it twice, before the first is durable.
      arrive({ ...one, ciphertext: Buffer.from(one.ciphertext) }, 'one again'),
      arrive(broken, 'broken'),
      arrive(two, 'two'),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(answered).toEqual(['one', 'one again', 'two'])
    expect(account.broken).toEqual([])
    const rows = account.journal().map(({ waMessageId, stanza }) => [waMessageId, stanza['undecryptable']])
    expect(rows).toEqual([
      ['HI', undefined],
      ['one', undefined],
      ['broken', 'true'],
      ['two', undefined],
    ])
  })

  it('gives out nothing that is built on a step which is not durable, and nothing at all when that fails', async () => {
    let fail = () => {}
    const away = new Promise<never>((_resolve, reject) => (fail = () => reject(new Error('database away'))))
    away.catch(() => {})
    let [gated, statements] = [false, 0]
    const account = await createSignalAccount((keys) => ({
      ...keys,
      async commit(...args) {
        statements++
        return gated ? away : keys.commit(...args)
      },
    }))
    await acquaint(account.repository, account.receive, contact)
    ;[gated, statements] = [true, 0]
    const { arrive, answered } = asTheSocketBrings(account)
    const received = arrive(await contact.encrypt(textMessage('in')), 'in')
    await expect.poll(() => statements).toBe(1)
    const given: string[] = []
    const sent = account.repository
      .encryptMessage({ jid: contactJid, data: Buffer.from('out') })
      .then(() => given.push('out'))
    const results = Promise.allSettled([received, sent])
    for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve))
    expect([answered, given, statements]).toEqual([[], [], 1])
    fail()
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect([answered, given, statements]).toEqual([[], [], 1])
  })

  it('acknowledges a ciphertext whose plaintext is no longer kept with an empty message', async () => {
    const account = await createSignalAccount((keys) => ({ ...keys, findJournaled: async () => new Uint8Array() }))
    await account.repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })
    expect([...(await account.receive({ type: 'msg', ciphertext: Buffer.from('old') }))]).toEqual([1])
  })
})

describe('sending', () => {
  it('is durable, with the mark on the message, before the ciphertext comes back', async () => {
    const account = await createSignalAccount()
    await acquaint(account.repository, account.receive, contact)
    account.commits.length = 0
    await sendingMessage('msg_1', async () => {
      const encrypt = () => account.repository.encryptMessage({ jid: contactJid, data: Buffer.from('x') })
      await encrypt()
      expect(account.commits).toMatchObject([{ keys: [{ type: 'session' }], sending: ['msg_1'] }])
      await encrypt()
    })
    // The mark is made once, however many devices the message goes to.
    expect(account.commits[1]).not.toHaveProperty('sending')
  })

  it('costs one commit for all devices of a message', async () => {
    const account = await createSignalAccount()
    const jids = ['85000000001@lid', '85000000001:2@lid', '85000000002:1@lid']
    for (const jid of jids) {
      await account.repository.injectE2ESession({ jid, session: asE2ESession(createSignalContact().bundle()) })
    }
    account.commits.length = 0
    const encryptAll = () =>
      Promise.all(jids.map((jid) => account.repository.encryptMessage({ jid, data: Buffer.from('x') })))
    await sendingMessage('msg_1', encryptAll)
    expect(account.commits).toHaveLength(1)
    expect(account.commits[0]).toMatchObject({ sending: ['msg_1'] })
  })

  it('leaves the wire before the ratchet is durable with stock Baileys, so that a counter is used twice', async () => {
    const stock = createStockAccount()
    await acquaint(
      stock.repository,
      (envelope) => stock.repository.decryptMessage({ jid: contactJid, ...envelope }),
      contact,
    )
    const before = structuredClone(stock.stored)
    let onTheWire: Envelope | undefined
    // As `relayMessage` does: encrypt and send inside one transaction. The process ends after the send.
    const killed = stock.keys.transaction(async () => {
      onTheWire = (await stock.repository.encryptMessage({ jid: contactJid, data: Buffer.from('1') })) as Envelope
      throw new Error('killed')
    }, 'me')
    await expect(killed).rejects.toThrow('killed')
    expect(stock.stored).toEqual(before)

    await contact.decrypt(onTheWire as Envelope)
    const next = await stock.repository.encryptMessage({ jid: contactJid, data: Buffer.from('2') })
    await expect(contact.decrypt(next)).rejects.toThrow()
  })

  it('skips a counter instead (O6)', async () => {
    const account = await createSignalAccount()
    await acquaint(account.repository, account.receive, contact)
    const encrypt = (one: SignalAccount, text: string) =>
      one.repository.encryptMessage({ jid: contactJid, data: Buffer.from(text) })
    await encrypt(account, 'never sent')
    expect(await contact.decrypt(await encrypt(account.afterCrash(), 'next'))).toBe('next')
  })

  it('refuses a bundle whose signed pre-key is not signed by its identity', async () => {
    const account = await createSignalAccount()
    const forged = asE2ESession(withForgedSignature(contact.bundle()))
    await expect(account.repository.injectE2ESession({ jid: contactJid, session: forged })).rejects.toThrow('signature')

    const stock = createStockAccount()
    await expect(stock.repository.injectE2ESession({ jid: contactJid, session: forged })).resolves.toBeUndefined()
  })
})

describe('sending and receiving at once with one contact', () => {
  it('is read on both sides', async () => {
    const account = await createSignalAccount()
    await acquaint(account.repository, account.receive, contact)
    const send = (text: string) => account.repository.encryptMessage({ jid: contactJid, data: Buffer.from(text) })
    const read = await crossTalk(300, contact, send, (envelope) => account.receive(envelope))
    expect(read).toEqual({ byContact: 300, byAccount: 300 })
  })

  it('breaks the session with stock Baileys', async () => {
    const stock = createStockAccount()
    const receive = (envelope: Envelope) => stock.repository.decryptMessage({ jid: contactJid, ...envelope })
    await acquaint(stock.repository, receive, contact)
    const send = (text: string) =>
      stock.keys.transaction(() => stock.repository.encryptMessage({ jid: contactJid, data: Buffer.from(text) }), 'me')
    const read = await crossTalk(100, contact, send, receive)
    expect(read.byContact + read.byAccount).toBeLessThan(200)
  })
})

describe('two accounts with one contact in one process', () => {
  type Encrypt = (text: string) => Promise<{ type: string; ciphertext: Uint8Array }>

  /** Both write a burst at the same time, and some more one by one; how much of the 240 their contacts can read. */
  async function writeAtOnce(pairs: { encrypt: Encrypt; contact: SignalContact }[]): Promise<number> {
    let read = 0
    const readAll = async (to: SignalContact, sent: PromiseSettledResult<Awaited<ReturnType<Encrypt>>>[]) => {
      for (const result of sent) {
        if (result.status !== 'fulfilled') continue
        await to.decrypt(result.value).then(
          () => read++,
          () => {},
        )
      }
    }
    const burst = ({ encrypt }: { encrypt: Encrypt }) =>
      Promise.allSettled(Array.from({ length: 100 }, (_, n) => encrypt(`burst ${n}`)))
    const bursts = await Promise.all(pairs.map(burst))
    for (const [index, pair] of pairs.entries()) await readAll(pair.contact, bursts[index] ?? [])
    for (let n = 0; n < 20; n++) {
      for (const { encrypt, contact: to } of pairs) await readAll(to, await Promise.allSettled([encrypt(`later ${n}`)]))
    }
    return read
  }

  it('are read, both of them', async () => {
    const pairs = []
    for (let n = 0; n < 2; n++) {
      const [{ repository, receive }, to] = [await createSignalAccount(), createSignalContact()]
      await acquaint(repository, receive, to)
      const encrypt = (text: string) => repository.encryptMessage({ jid: contactJid, data: Buffer.from(text) })
      pairs.push({ encrypt, contact: to })
    }
    expect(await writeAtOnce(pairs)).toBe(240)
  })

  it('share a queue with stock Baileys, and writes get lost', async () => {
    const pairs = []
    for (let n = 0; n < 2; n++) {
      const [{ keys, repository }, to] = [createStockAccount(), createSignalContact()]
      const receive = (envelope: Envelope) => repository.decryptMessage({ jid: contactJid, ...envelope })
      await acquaint(repository, receive, to)
      const encrypt = (text: string) =>
        keys.transaction(() => repository.encryptMessage({ jid: contactJid, data: Buffer.from(text) }), 'me')
      pairs.push({ encrypt, contact: to })
    }
    expect(await writeAtOnce(pairs)).toBeLessThan(240)
  })
})
