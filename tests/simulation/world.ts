import { newId, type InstanceId } from '#contracts/ids.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemorySeed, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { seedKey } from '#core/testing/seed-actor.ts'
import type { Actor } from '#core/verbs/app.ts'
import { createCustomerSide, type CustomerSide } from './customers.ts'
import { createReceivers, type Receivers } from './receivers.ts'
import { createServerSlot, type ServerSlot } from './server-rack.ts'
import { beginning, type VirtualTime } from './virtual-time.ts'
import { createWatch, type Watch } from './watch.ts'
import { createWeather, type Weather } from './weather.ts'
import { createWhatsApp, type WhatsApp } from './whatsapp.ts'

/** One small installation: two or three servers, two to four instances, one or two webhook endpoints. */
export interface World {
  time: VirtualTime
  database: MemoryDatabase
  weather: Weather
  watch: Watch
  whatsapp: WhatsApp
  receivers: Receivers
  customers: CustomerSide
  slots: readonly ServerSlot[]
  accounts: readonly { instanceId: InstanceId; actor: Actor }[]
  urls: readonly string[]
}

export async function createWorld(time: VirtualTime): Promise<World> {
  const { random } = time
  const database = createMemoryDatabase(() => new Date(beginning + time.now))
  const seed = createMemorySeed(database)
  const weather = createWeather(time)
  const watch = createWatch(database, time)
  const whatsapp = createWhatsApp({ time, weather, watch, database })
  const receivers = createReceivers({ time, weather, watch })
  const slots: ServerSlot[] = []
  const customers = createCustomerSide({ time, weather, watch, database, slots: () => slots })

  const customerId = await seedCustomer(seed)
  const { actor } = await seedKey(seed, { customerId })
  const newChatsPerMinute = random.chance(0.2) ? 60 : null
  for (let number = random.whole(2, 3); number > 0; number -= 1) {
    const serverId = await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
    const parts = { time, weather, watch, database, whatsapp, receivers, newChatsPerMinute }
    slots.push(createServerSlot(parts, serverId, `server-${slots.length + 1}`))
  }

  const accounts: { instanceId: InstanceId; actor: Actor }[] = []
  for (let number = random.whole(2, 4); number > 0; number -= 1) {
    const phoneNumber = `+55119999900${number}`
    const owner = { customerId, serverId: random.pick(slots).serverId }
    const instanceId = await seedInstance(
      seed,
      owner,
      { phoneNumber, state: 'disconnected' },
      { ownerIncarnation: null },
    )
    const wrappedDataKey = new Uint8Array()
    const credentials = Buffer.from('linked')
    await seed.insert('sessionCredentials', { instanceId, keyRingId: 'none', wrappedDataKey, credentials })
    whatsapp.addAccount(instanceId, phoneNumber)
    accounts.push({ instanceId, actor })
  }

  const urls: string[] = []
  for (let number = random.whole(1, 2); number > 0; number -= 1) {
    const url = `https://receiver-${number}.example`
    const secret = Buffer.from('whsec_none')
    await seed.insert('webhookEndpoints', {
      id: newId('webhook'),
      customerId,
      url,
      events: ['*'],
      keyRingId: 'none',
      secret,
    })
    urls.push(url)
  }
  for (const slot of slots) slot.boot(random.chance(0.2) ? random.between(-3_600_000, 3_600_000) : 0)
  return { time, database, weather, watch, whatsapp, receivers, customers, slots, accounts, urls }
}
