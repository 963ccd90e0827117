import type { ServerCheck, ServerChecks } from '#core/ports/server-checks.ts'
import type { ServerId } from '#contracts/ids.ts'
import { freshMs } from '#core/rules/server-verdict.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { isLive } from './memory-placement.ts'

export function createMemoryServerChecks(database: MemoryDatabase): ServerChecks {
  const { tables, now } = database
  return {
    async targets() {
      return tables.servers
        .filter(({ status, deletedAt }) => deletedAt === null && status !== 'provisioning' && status !== 'inactive')
        .map((row) => ({ id: row.id, url: row.url, incarnation: isLive(database, row) ? row.incarnation : null }))
    },
    async record(checks) {
      let changed = 0
      for (const check of checks) {
        if (!tables.servers.some(({ id }) => id === check.serverId)) continue
        const before = tables.serverChecks.find(({ serverId }) => serverId === check.serverId)
        const isSame = before?.grade === check.grade
        if (!isSame) changed++
        const row = { ...check, checkedAt: now(), since: isSame ? before.since : now() }
        if (before === undefined) database.insert('serverChecks', row)
        else Object.assign(before, row)
      }
      return changed
    },
  }
}

/** The newest check of a server, if it says something about now. */
export function freshCheckOf(database: MemoryDatabase, id: ServerId): ServerCheck | null {
  const check = checkOf(database, id)
  return check !== null && check.checkedAt.getTime() > database.now().getTime() - freshMs ? check : null
}

/** The newest check of a server, if there was one. */
export function checkOf({ tables }: MemoryDatabase, id: ServerId): ServerCheck | null {
  const row = tables.serverChecks.find(({ serverId }) => serverId === id)
  if (row === undefined) return null
  const { serverId: _serverId, ...check } = row
  return check
}
