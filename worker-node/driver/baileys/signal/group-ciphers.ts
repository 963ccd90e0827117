import type { SignalRepository } from '@whiskeysockets/baileys'
import {
  GroupCipher,
  GroupSessionBuilder,
  SenderKeyDistributionMessage,
  SenderKeyName,
  SenderKeyRecord,
} from '@whiskeysockets/baileys/lib/Signal/Group/index.js'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import { commitEncryption } from './outbound-context.ts'
import { decryptOnce, type RepositoryContext } from './repository-context.ts'
import { signalAddressOf } from './signal-address.ts'
import { toBytes } from './bytes-json.ts'

type GroupCiphers = Pick<
  SignalRepository,
  | 'decryptGroupMessage'
  | 'processSenderKeyDistributionMessage'
  | 'encryptGroupMessage'
  | 'getSenderKeyDistributionMessage'
  | 'hasSenderKey'
>

/** Group encryption under the same rules as one-to-one: a sender key's step is durable before its result leaves. */
export function createGroupCiphers(context: RepositoryContext): GroupCiphers {
  const { store, locks } = context

  /** One operation on one sender key: reads through, collects what is to be written. */
  function open(name: SenderKeyName) {
    const id = name.toString()
    const writes: KeyWrite[] = []
    let current: SenderKeyRecord | undefined
    const keys = {
      async loadSenderKey() {
        const stored = (await store.latest('sender-key', [id])).get(id) as never
        current ??= new SenderKeyRecord(stored)
        return current
      },
      async storeSenderKey(_name: SenderKeyName, record: SenderKeyRecord) {
        current = record
        writes.splice(0, writes.length, { type: 'sender-key', id, value: toBytes(record.serialize()) })
      },
    }
    return { keys, writes }
  }

  /** Makes the own sender key when there is none, and what tells it to others. */
  async function ownKey(group: string, meId: string, use: (step: ReturnType<typeof open>) => Promise<void>) {
    const name = senderKeyName(group, meId)
    const { distribution, durable } = await locks.run([name.toString()], async () => {
      const step = open(name)
      const made = await new GroupSessionBuilder(step.keys).create(name)
      await use(step)
      const written = step.writes.length > 0
      return { distribution: made, durable: written ? commitEncryption(store, step.writes) : undefined }
    })
    await durable
    return distribution.serialize()
  }

  return {
    decryptGroupMessage({ group, authorJid, msg }) {
      const name = senderKeyName(group, authorJid)
      return decryptOnce(context, { ciphertext: msg, encType: 'skmsg', lock: name.toString() }, async () => {
        const { keys, writes } = open(name)
        return { plaintext: await new GroupCipher(keys, name).decrypt(msg), writes }
      })
    },

    async processSenderKeyDistributionMessage({ item, authorJid }) {
      if (!item.groupId) throw new Error('A sender key without its group.')
      const name = senderKeyName(item.groupId, authorJid)
      const told = item.axolotlSenderKeyDistributionMessage ?? new Uint8Array()
      const distribution = new SenderKeyDistributionMessage(null, null, null, null, told)
      const { durable } = await locks.run([name.toString()], async () => {
        const { keys, writes } = open(name)
        const known = (await keys.loadSenderKey()).getSenderKeyState(distribution.getId())
        // Told again, by a redelivered message: the state that we have is further on.
        if (known !== undefined) return { durable: undefined }
        await new GroupSessionBuilder(keys).process(name, distribution)
        return { durable: store.commit({ keys: writes }) }
      })
      await durable
    },

    async encryptGroupMessage({ group, meId, data }) {
      let ciphertext: Uint8Array = new Uint8Array()
      const senderKeyDistributionMessage = await ownKey(group, meId, async ({ keys }) => {
        ciphertext = await new GroupCipher(keys, senderKeyName(group, meId)).encrypt(data)
      })
      return { ciphertext, senderKeyDistributionMessage }
    },

    getSenderKeyDistributionMessage: ({ group, meId }) => ownKey(group, meId, async () => {}),

    async hasSenderKey({ group, meId }) {
      const id = senderKeyName(group, meId).toString()
      return (await store.get('sender-key', [id])).has(id)
    },
  }
}

function senderKeyName(group: string, jid: string): SenderKeyName {
  const address = signalAddressOf(jid)
  const separator = address.lastIndexOf('.')
  return new SenderKeyName(group, { id: address.slice(0, separator), deviceId: Number(address.slice(separator + 1)) })
}
