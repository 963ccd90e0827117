import {
  addTransactionCapability,
  initAuthCreds,
  type AuthenticationCreds,
  type SignalDataSet,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  type SocketConfig,
} from '@whiskeysockets/baileys'
import { makeLibSignalRepository } from '@whiskeysockets/baileys/lib/Signal/libsignal.js'
import { latency } from './slow-keys.ts'

const nobody = () => {}
/** A logger for Baileys that says nothing. */
export const silentBaileysLog: SocketConfig['logger'] = {
  level: 'silent',
  child: () => silentBaileysLog,
  trace: nobody,
  debug: nobody,
  info: nobody,
  warn: nobody,
  error: nobody,
}

/** Baileys' own Signal repository over a store with a network's latency: what the tests compare with. */
export function createStockAccount(): {
  credentials: AuthenticationCreds
  keys: SignalKeyStoreWithTransaction
  repository: SignalRepositoryWithLIDStore
  /** What is in the store, by type and id. */
  stored: Map<string, unknown>
} {
  const stored = new Map<string, unknown>()
  const store = {
    async get(type: string, ids: string[]) {
      await latency()
      return Object.fromEntries(ids.map((id) => [id, structuredClone(stored.get(`${type}/${id}`))])) as never
    },
    async set(data: SignalDataSet) {
      await latency()
      for (const [type, values] of Object.entries(data)) {
        for (const [id, value] of Object.entries(values ?? {})) stored.set(`${type}/${id}`, structuredClone(value))
      }
    },
  }
  const credentials = initAuthCreds()
  const keys = addTransactionCapability(store, silentBaileysLog, { maxCommitRetries: 1, delayBetweenTriesMs: 0 })
  const repository = makeLibSignalRepository({ creds: credentials, keys }, silentBaileysLog, async () => [])
  return { credentials, keys, repository, stored }
}
