import type { CustomerId, ServerId } from '#contracts/ids.ts'
import type { Seed } from '#core/testing/seed.ts'

const dayMs = 86_400_000

/** What a customer used on each of the last days, on one server. */
export async function seedUsage(seed: Seed, customerId: CustomerId, serverId: ServerId, days: number): Promise<void> {
  for (let back = 0; back < days; back++) {
    const day = new Date(Date.now() - back * dayMs).toISOString().slice(0, 10)
    await seed.insert('requestDays', { customerId, day, requests: 1_000, bytesIn: 100_000, bytesOut: 400_000 })
    const media = { mediaSent: 5, mediaReceived: 20 }
    await seed.insert('messageDays', { customerId, day, serverId, sent: 400, received: 700, failed: 3, ...media })
  }
}
