import { describe, expect, it } from 'vitest'
import type { InstanceId } from '#contracts/ids.ts'
import type { ProjectedMessage } from '#core/ports/inbound.ts'
import { contactLid, contactNumber, received, seedJournal } from './inbound-seeds.ts'
import { eventsOf, seedMessage, seedOwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

const numbers = new Map([[contactLid, contactNumber]])
/** As a stanza names the contact that tells no number. */
const anonymous = { chat: contactLid, sender: contactLid }
const group = '120363000000000000@g.us'

/** One contact is one chat, by whichever of its two addresses WhatsApp names it. */
export function inboundAddressesConformance(world: () => WorkerWorld): void {
  const project = async (instanceId: InstanceId, values: Partial<ProjectedMessage>) =>
    world().inbound.project(await seedJournal(world().seed, instanceId), received(values))
  const placesOf = async (instanceId: InstanceId) =>
    (await world().seed.rows('messages', { instanceId }))
      .toSorted((a, b) => a.seq - b.seq)
      .map(({ waMessageId, chat, sender }) => [waMessageId, chat, sender])

  describe('the addresses of a contact', () => {
    it('are one: a message that comes again under the other is the same message', async () => {
      const { instanceId } = await seedOwnedInstance(world().seed)
      expect(await project(instanceId, { numbers })).toBe(true)
      expect(await project(instanceId, {})).toBe(false)
      // The number is remembered: this stanza does not tell it.
      expect(await project(instanceId, anonymous)).toBe(false)
      expect(await project(instanceId, { ...anonymous, waMessageId: 'WA2' })).toBe(true)
      expect(await placesOf(instanceId)).toEqual([
        ['WA1', contactNumber, contactNumber],
        ['WA2', contactNumber, contactNumber],
      ])
      expect(await eventsOf(world().seed, instanceId)).toMatchObject([
        { data: { chat: contactNumber, from: contactNumber } },
        { data: { chat: contactNumber, from: contactNumber } },
      ])
    })

    it('become one when the number is learned later: what was shown before moves to it', async () => {
      const { instanceId } = await seedOwnedInstance(world().seed)
      const other = (await seedOwnedInstance(world().seed)).instanceId
      for (const id of [instanceId, other]) expect(await project(id, anonymous)).toBe(true)
      await project(instanceId, { ...anonymous, waMessageId: 'OWN', sender: 'self' })
      await project(instanceId, { waMessageId: 'GROUP', chat: group, sender: contactLid })
      // The sender sends the first one again, and this time the stanza tells the number.
      expect(await project(instanceId, { numbers })).toBe(false)
      expect(await placesOf(instanceId)).toEqual([
        ['WA1', contactNumber, contactNumber],
        ['OWN', contactNumber, 'self'],
        ['GROUP', group, contactNumber],
      ])
      // What one instance learns, no other does.
      expect(await placesOf(other)).toEqual([['WA1', contactLid, contactLid]])
      const [first, ...later] = await eventsOf(world().seed, instanceId)
      expect(first?.data).toMatchObject({ chat: contactLid })
      expect(later).toHaveLength(2)
    })

    it('leave both messages where one was told under each before anybody knew', async () => {
      const { instanceId } = await seedOwnedInstance(world().seed)
      await project(instanceId, anonymous)
      await project(instanceId, {})
      expect(await project(instanceId, { waMessageId: 'WA2', numbers })).toBe(true)
      expect(await placesOf(instanceId)).toEqual([
        ['WA1', contactLid, contactLid],
        ['WA1', contactNumber, contactNumber],
        ['WA2', contactNumber, contactNumber],
      ])
    })

    it('follow the contact to another number; what was said under the old one stays there', async () => {
      const { instanceId } = await seedOwnedInstance(world().seed)
      const moved = '+5511999990077'
      await project(instanceId, { numbers })
      const place = { chat: moved, sender: moved, numbers: new Map([[contactLid, moved]]) }
      expect(await project(instanceId, { waMessageId: 'WA2', ...place })).toBe(true)
      expect(await project(instanceId, { waMessageId: 'WA3', ...anonymous })).toBe(true)
      expect(await placesOf(instanceId)).toEqual([
        ['WA1', contactNumber, contactNumber],
        ['WA2', moved, moved],
        ['WA3', moved, moved],
      ])
    })

    it('do not matter to a copy of what the instance sent to the number', async () => {
      const owned = await seedOwnedInstance(world().seed)
      const { waMessageId } = await seedMessage(world().seed, owned, { status: 'sent', chat: contactNumber })
      const copy = { waMessageId, chat: contactLid, sender: 'self' }
      expect(await project(owned.instanceId, { waMessageId: 'WA2', numbers })).toBe(true)
      expect(await project(owned.instanceId, copy)).toBe(false)
    })
  })
}
