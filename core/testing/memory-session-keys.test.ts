import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { createMemoryDatabase } from './memory-database.ts'
import { createMemorySessionKeys } from './memory-session-keys.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function setup() {
  const database = createMemoryDatabase()
  const fence: Fence = { instanceId: newId('instance'), epoch: 1, incarnation: 'run-1' }
  const { instanceId } = fence
  const serverId = newId('server')
  database.insert('instances', { id: instanceId, customerId: newId('customer'), name: 'a' })
  database.insert('instanceLeases', { instanceId, serverId, epoch: 1, ownerIncarnation: 'run-1' })
  return { database, fence, keys: createMemorySessionKeys(database) }
}

describe('the fake of session keys', () => {
  it('gives copies: whoever changes what they wrote or read changes nothing stored', async () => {
    const { fence, keys } = setup()
    const written = bytes('credentials')
    await keys.commit(fence, { credentials: written })
    written.fill(0)
    const read = await keys.loadCredentials(fence.instanceId)
    read?.fill(0)
    expect(await keys.loadCredentials(fence.instanceId)).toEqual(bytes('credentials'))
  })

  it('writes nothing under a fence that does not hold', async () => {
    const { database, fence, keys } = setup()
    const change = { keys: [{ type: 'session', id: '1', value: bytes('x') }] }
    await expect(keys.commit({ ...fence, epoch: 0 }, change)).rejects.toThrow(FencedOut)
    expect(database.tables.sessionKeys).toEqual([])
  })
})
