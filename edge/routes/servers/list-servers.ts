import { listServersContract } from '#contracts/http/servers.ts'
import type { ServerFilter } from '#core/ports/servers.ts'
import { presentServer } from '#core/rules/present-server.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

const sorts = { created_at: 'createdAt', name: 'name', utilisation: 'utilisation' } as const

export const listServersRoute = defineRoute({
  contract: listServersContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, query }) {
    const { page, limit: perPage, sort, ...rest } = query
    const by = sorts[sort.replace('-', '') as keyof typeof sorts]
    const filter: ServerFilter = { ...rest, sort: { by, descending: sort.startsWith('-') } }
    return answerTable(await services.servers.list(filter, { page, perPage }), { page, perPage }, presentServer)
  },
})
