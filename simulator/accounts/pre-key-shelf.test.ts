import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JournalStore } from '#simulator/store/journal-store.ts'
import type { Device } from './account.ts'
import { Accounts } from './accounts.ts'
import { PreKeyShelves } from './pre-key-shelf.ts'

let folder: string
let store: JournalStore

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shelf-'))
  store = new JournalStore(folder)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

function makeDevice(): Device {
  const account = new Accounts(store).create('5511987654321', 'Loja')
  const keys = { noisePublicKey: '', identityKey: '', registrationId: 1 }
  const signedPreKey = { id: 1, publicKey: '', signature: '' }
  return { account, id: 1, keyIndex: 1, platform: '', linkedAtMs: 0, ...keys, signedPreKey, greeted: false }
}

function keys(first: number, count: number) {
  return Array.from({ length: count }, (_, n) => ({ id: first + n, publicKey: Buffer.alloc(32, first + n) }))
}

describe('PreKeyShelves', () => {
  it('hands out each key once, in the order of uploading, across batches', () => {
    const device = makeDevice()
    const shelves = new PreKeyShelves(store)
    shelves.add(device, keys(1, 3))
    shelves.add(device, keys(4, 2))
    expect([shelves.count(device), shelves.ids(device)]).toEqual([5, [1, 2, 3, 4, 5]])
    expect(Array.from({ length: 6 }, () => shelves.take(device)?.id)).toEqual([1, 2, 3, 4, 5, undefined])
    expect(shelves.count(device)).toBe(0)
  })

  it('goes on where it was after a restart', () => {
    const device = makeDevice()
    const before = new PreKeyShelves(store)
    before.add(device, keys(1, 3))
    before.add(device, keys(4, 2))
    for (let taken = 0; taken < 4; taken += 1) before.take(device)
    store.close()
    store = new JournalStore(folder)
    const after = new PreKeyShelves(store)
    expect(after.take(device)).toEqual({ id: 5, publicKey: Buffer.alloc(32, 5) })
    expect(after.take(device)).toBeUndefined()
    after.add(device, keys(6, 1))
    expect(after.take(device)?.id).toBe(6)
  })

  it('forgets a device', () => {
    const device = makeDevice()
    const shelves = new PreKeyShelves(store)
    shelves.add(device, keys(1, 3))
    shelves.take(device)
    shelves.clear(device)
    expect(shelves.take(device)).toBeUndefined()
    expect(new PreKeyShelves(store).count(device)).toBe(0)
  })
})
