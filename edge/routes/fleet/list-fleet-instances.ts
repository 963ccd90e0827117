import { listFleetInstancesContract } from '#contracts/http/fleet-instances.ts'
import { presentFleetInstance } from '#core/rules/present-fleet-instance.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { readListQuery } from './read-list-query.ts'

export const listFleetInstancesRoute = defineRoute({
  contract: listFleetInstancesContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, query: { server_id: serverId, customer_id: customerId, ...query } }) {
    const { filter, page } = readListQuery(query)
    const found = await services.fleetInstances.listAcrossCustomers({ ...filter, serverId, customerId }, page)
    return answerTable(found, page, presentFleetInstance)
  },
})
