import { beforeEach, describe, expect, it } from 'vitest'
import { silenceLibsignal } from '#worker-node/driver/baileys/silence-libsignal.ts'
import { contactJid, createSignalAccount, type SignalAccount } from '#worker-node/testing/signal-account.ts'
import { asE2ESession, createSignalContact } from '#worker-node/testing/signal-contact.ts'
import { sendingMessage } from './outbound-context.ts'

silenceLibsignal()
const group = '120363000000000000@g.us'
const authorJid = '85111111111:1@lid'

let author: SignalAccount
let member: SignalAccount
beforeEach(async () => {
  author = await createSignalAccount()
  member = await createSignalAccount()
})

const write = (text: string) =>
  author.repository.encryptGroupMessage({ group, meId: authorJid, data: Buffer.from(text) })
const learn = (from: { senderKeyDistributionMessage: Uint8Array }) =>
  member.repository.processSenderKeyDistributionMessage({
    authorJid,
    item: { groupId: group, axolotlSenderKeyDistributionMessage: from.senderKeyDistributionMessage },
  })
const read = async (ciphertext: Uint8Array, by = member) =>
  Buffer.from(await by.repository.decryptGroupMessage({ group, authorJid, msg: Buffer.from(ciphertext) })).toString()

describe('a group message', () => {
  it('is durable before its ciphertext comes back, with the mark on the message', async () => {
    await sendingMessage('msg_1', () => write('hello'))
    expect(author.commits).toMatchObject([{ keys: [{ type: 'sender-key' }], sending: ['msg_1'] }])
    expect(await author.repository.hasSenderKey({ group, meId: authorJid })).toBe(true)
    expect(await member.repository.hasSenderKey({ group, meId: authorJid })).toBe(false)
  })

  it('is journaled in the commit of its sender key, and answered from the journal when it comes again', async () => {
    const first = await write('one')
    await learn(first)
    member.commits.length = 0
    expect(await read(first.ciphertext)).toBe('one')
    expect(member.commits).toMatchObject([
      { keys: [{ type: 'sender-key' }], journal: [{ stanza: { enc_type: 'skmsg' } }] },
    ])
    expect(await read(first.ciphertext)).toBe('one')
    expect(await read(first.ciphertext, member.afterCrash())).toBe('one')
    expect(member.commits).toHaveLength(1)
  })

  it('I7: killed between the key that came first and the message: both come again, and each is kept once', async () => {
    const contact = createSignalContact()
    const { repository } = member
    await repository.injectE2ESession({ jid: contactJid, session: asE2ESession(contact.bundle()) })
    await contact.decrypt(await repository.encryptMessage({ jid: contactJid, data: Buffer.from('hi') }))
    const message = await write('one')
    const key = await contact.encrypt('the sender key')
    await member.receive(key, 'ID7')

    const again = member.afterCrash()
    expect(Buffer.from(await again.receive(key, 'ID7')).toString()).toBe('the sender key')
    await again.repository.processSenderKeyDistributionMessage({
      authorJid,
      item: { groupId: group, axolotlSenderKeyDistributionMessage: message.senderKeyDistributionMessage },
    })
    expect(await read(message.ciphertext, again)).toBe('one')
    expect(again.journal().map(({ plaintext }) => Buffer.from(plaintext).toString())).toEqual(['the sender key', 'one'])
  })

  it('that cannot be read is kept as such once, without holding up the one that can', async () => {
    const [one, two] = [await write('one'), await write('two')]
    const stanza = { tag: 'message', attrs: { id: 'ID8', from: group, participant: authorJid } }
    const receive = (ciphertext: Uint8Array) => member.receiveGroup(stanza, { group, authorJid, msg: ciphertext })
    for (let copy = 1; copy <= 2; copy++) await expect(receive(Buffer.from(one.ciphertext))).rejects.toThrow()
    expect(member.journal()).toMatchObject([
      { waMessageId: 'ID8', plaintext: new Uint8Array(), stanza: { undecryptable: 'true', participant: authorJid } },
    ])
    await learn(two)
    expect(await read(two.ciphertext)).toBe('two')
    expect(member.journal()).toHaveLength(2)
  })

  it('can be read in any order by a member who is told the key again meanwhile', async () => {
    const [one, two, three] = [await write('one'), await write('two'), await write('three')]
    await learn(one)
    expect(await read(two.ciphertext)).toBe('two')
    await learn(one)
    expect(await read(three.ciphertext)).toBe('three')
    expect(await read(one.ciphertext)).toBe('one')
  })

  it('uses every chain key once when many are written at once', async () => {
    const told = await write('first')
    await learn(told)
    const texts = Array.from({ length: 40 }, (_, n) => `message ${n}`)
    const written = await Promise.all(texts.map(write))
    const readable = await Promise.all(written.map(({ ciphertext }) => read(ciphertext)))
    expect(readable).toEqual(texts)
  })
})
