import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { BufferJSON, initAuthCreds } from '@whiskeysockets/baileys'
import type { AuthenticationState, SignalDataSet, SignalDataTypeMap } from '@whiskeysockets/baileys'

/** Baileys' memory store: everything in a map, and as JSON in a file from one process to the next. */
export interface RawStore extends AuthenticationState {
  save(): void
}

export function openRawStore(file: string): RawStore {
  const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8'), BufferJSON.reviver) as Stored) : undefined
  const values = new Map(stored?.values)
  const creds = stored?.creds ?? initAuthCreds()
  return {
    creds,
    keys: {
      get: async <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
        const found: Record<string, SignalDataTypeMap[T]> = {}
        for (const id of ids) {
          const value = values.get(`${type}/${id}`)
          if (value !== undefined) found[id] = value as SignalDataTypeMap[T]
        }
        return found
      },
      set: async (data: SignalDataSet) => {
        for (const [type, entries] of Object.entries(data)) {
          for (const [id, value] of Object.entries(entries ?? {})) {
            if (value === null || value === undefined) values.delete(`${type}/${id}`)
            else values.set(`${type}/${id}`, value)
          }
        }
      },
    },
    save() {
      writeFileSync(file, JSON.stringify({ creds, values: [...values] }, BufferJSON.replacer))
    },
  }
}

interface Stored {
  creds: AuthenticationState['creds']
  values: [string, unknown][]
}
