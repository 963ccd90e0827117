import { listServerInstancesContract } from '#contracts/http/fleet-instances.ts'
import { presentFleetInstance } from '#core/rules/present-fleet-instance.ts'
import { getServer } from '#core/verbs/servers/get-server.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { readListQuery } from './read-list-query.ts'

export const listServerInstancesRoute = defineRoute({
  contract: listServerInstancesContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params: { server_id: serverId }, query }) {
    const { filter, page } = readListQuery(query)
    const [found] = await Promise.all([
      services.fleetInstances.listAcrossCustomers({ ...filter, serverId }, page),
      getServer(services, serverId),
    ])
    return answerTable(found, page, presentFleetInstance)
  },
})
