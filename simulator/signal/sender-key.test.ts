import '#simulator/testing/quiet-libsignal.ts'
import {
  GroupCipher,
  GroupSessionBuilder,
  SenderKeyDistributionMessage,
  SenderKeyName,
  SenderKeyRecord,
} from '@whiskeysockets/baileys/lib/Signal/Group/index.js'
import { describe, expect, it } from 'vitest'
import { distributionOf, encryptWithSenderKey, newSenderKey } from './sender-key.ts'
import type { SenderKey } from './sender-key.ts'

/** The writing side, which stores its key and reads it back after each message. */
function writer() {
  let key = newSenderKey()
  return {
    distribution: () => distributionOf(key),
    encrypt(text: string): Buffer {
      const encrypted = encryptWithSenderKey(key, Buffer.from(text))
      key = JSON.parse(JSON.stringify(encrypted.key)) as SenderKey
      return encrypted.ciphertext
    },
  }
}

/** The other implementation: a member with Baileys' own group cipher. */
function member() {
  const name = new SenderKeyName('120363000000000000@g.us', { id: '85111111111', deviceId: 0 })
  let record = new SenderKeyRecord()
  const store = {
    loadSenderKey: async () => record,
    storeSenderKey: async (_name: SenderKeyName, changed: SenderKeyRecord) => void (record = changed),
  }
  return {
    learn: (distribution: Buffer) =>
      new GroupSessionBuilder(store).process(
        name,
        new SenderKeyDistributionMessage(null, null, null, null, distribution),
      ),
    decrypt: async (ciphertext: Buffer) =>
      Buffer.from(await new GroupCipher(store, name).decrypt(ciphertext)).toString(),
  }
}

describe('a sender key', () => {
  it('writes what a member with the key reads, however long the text and whatever the order', async () => {
    const [author, reader] = [writer(), member()]
    await reader.learn(author.distribution())
    const texts = Array.from({ length: 20 }, (_, n) => 'x'.repeat(n * 9))
    const written = texts.map((text) => ({ text, ciphertext: author.encrypt(text) }))
    for (const { text, ciphertext } of written.toReversed()) expect(await reader.decrypt(ciphertext)).toBe(text)
  })

  it('told later opens what comes, and nothing from before', async () => {
    const [author, reader] = [writer(), member()]
    const before = author.encrypt('before')
    await reader.learn(author.distribution())
    expect(await reader.decrypt(author.encrypt('after'))).toBe('after')
    await expect(reader.decrypt(before)).rejects.toThrow('old counter')
  })

  it('signs: another key, or a bit that flipped, is refused', async () => {
    const [author, reader] = [writer(), member()]
    await reader.learn(author.distribution())
    const ciphertext = author.encrypt('exactly this')
    const changed = Buffer.from(ciphertext)
    const lastOfText = changed.length - 65
    changed.writeUInt8(changed.readUInt8(lastOfText) ^ 1, lastOfText)
    await expect(reader.decrypt(changed)).rejects.toThrow('Invalid signature')
    await expect(reader.decrypt(writer().encrypt('of a stranger'))).rejects.toThrow('No session found')
    expect(await reader.decrypt(ciphertext)).toBe('exactly this')
  })
})
