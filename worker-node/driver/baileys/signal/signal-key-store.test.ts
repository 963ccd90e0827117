import { initAuthCreds, type AuthenticationCreds } from '@whiskeysockets/baileys'
import { getNextPreKeys } from '@whiskeysockets/baileys/lib/Utils/signal.js'
import { expect, it } from 'vitest'
import type { SessionChange } from '#core/ports/session-keys.ts'
import { decodeCredentials } from './credentials-codec.ts'
import { createSignalKeyStore } from './signal-key-store.ts'

it('a pre-key for a retry receipt is durable before the receipt leaves, and its id is never given out again', async () => {
  const commits: SessionChange[] = []
  const credentials: AuthenticationCreds = {
    ...initAuthCreds(),
    account: { details: Buffer.of(1), deviceSignature: Buffer.of(2) },
    me: { id: '5511999990001:1@s.whatsapp.net' },
  }
  const keys = createSignalKeyStore(
    {
      get: async () => new Map(),
      findJournaled: async () => undefined,
      async commit(change) {
        commits.push(change)
        return []
      },
      latest: async () => new Map(),
      room: async () => {},
      seal: async () => {},
    },
    credentials,
  )
  const { update } = await getNextPreKeys({ creds: credentials, keys }, 1)
  expect(commits).toMatchObject([{ keys: [{ type: 'pre-key', id: '1', insertOnly: true }] }])
  // The process ends here, before Baileys tells what it counted.
  const stored = decodeCredentials(commits[0]?.credentials ?? new Uint8Array())
  expect(stored).toMatchObject(update)
  expect(stored.nextPreKeyId).toBe(2)

  await keys.set({ session: { a: Buffer.of(1) }, 'pre-key': { 1: null } })
  expect(commits[1]).not.toHaveProperty('credentials')
})
