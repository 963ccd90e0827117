import type { ServerId } from '#contracts/ids.ts'
import type { World } from '#edge/testing/seed-world.ts'

/** What requests can name: the things of the stage, and what earlier answers told. */
export interface Memories {
  /** Values for a field, parameter or header of that name. */
  known: (field: string) => readonly string[]
  /** Keeps what an answer told. */
  learn(text: string): void
  renew(world: World, spareServer: ServerId): void
}

/** A field takes the last of what was told for it. */
const kept = 8

/** Where what an answer told can be said again. */
const lessons: readonly [pattern: RegExp, fields: readonly string[]][] = [
  [/"next_cursor":"([^"]+)"/g, ['cursor', 'after', 'Last-Event-Id']],
  [/"token":"(wet_[^"]+)"/g, ['token']],
  [/"(evt_[^"]+)"/g, ['event_id']],
]

export function createMemories(constant: Record<string, string[]>): Memories {
  const told = new Map<string, string[]>()
  let things: Record<string, string[]> = {}
  return {
    known: (field) => [...(things[field] ?? []), ...(constant[field] ?? []), ...(told.get(field) ?? [])],
    learn(text) {
      for (const [pattern, fields] of lessons) {
        for (const [, value = ''] of text.slice(0, 100_000).matchAll(pattern)) {
          for (const field of fields) told.set(field, [...(told.get(field) ?? []), value].slice(-kept))
        }
      }
    },
    renew({ own, serverId }, spareServer) {
      told.clear()
      things = {
        instance_id: [own.ids.instance_id],
        customer_id: [own.customerId],
        admin_id: [own.ids.admin_id, own.admin.adminId],
        server_id: [serverId, spareServer, own.ids.server_id],
        email: [`${own.admin.adminId}@example.com`],
      }
    },
  }
}
