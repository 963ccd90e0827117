import { useQueryClient } from '@tanstack/react-query'
import { renewEnrollmentContract } from '#contracts/http/enrollment.ts'
import {
  createServerContract,
  deleteServerContract,
  setServerStatusContract,
  updateServerContract,
} from '#contracts/http/server-registry.ts'
import { activateServerContract, drainServerContract, rebalanceServerContract } from '#contracts/http/servers.ts'
import type { ServerId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import type { CallInput } from '#dashboard/lib/api/send-request.ts'
import { useRefreshing } from '#dashboard/lib/use-refreshing.ts'

type BodyOf<C extends Parameters<typeof call>[0]> = NonNullable<CallInput<C>['body']>

/** What can be done to servers. What is shown of them is loaded anew afterwards, also after a refusal. */
export function useServerChanges() {
  const queryClient = useQueryClient()
  const refreshing = useRefreshing('servers')
  return {
    create: refreshing((body: BodyOf<typeof createServerContract>) => call(createServerContract, { body })),
    update: refreshing((server_id: ServerId, body: BodyOf<typeof updateServerContract>) =>
      call(updateServerContract, { params: { server_id }, body }),
    ),
    drain: refreshing((server_id: ServerId) => call(drainServerContract, { params: { server_id } })),
    activate: refreshing((server_id: ServerId) => call(activateServerContract, { params: { server_id } })),
    rebalance: refreshing((server_id: ServerId) => call(rebalanceServerContract, { params: { server_id } })),
    setStatus: refreshing((server_id: ServerId, body: BodyOf<typeof setServerStatusContract>) =>
      call(setServerStatusContract, { params: { server_id }, body }),
    ),
    renewEnrollment: refreshing((server_id: ServerId) => call(renewEnrollmentContract, { params: { server_id } })),
    /** Its own page is not asked again: there is nothing left to show, so whoever calls this leaves it. */
    remove: async (server_id: ServerId) => {
      await queryClient.cancelQueries({ queryKey: ['servers', 'one', server_id] })
      await call(deleteServerContract, { params: { server_id } })
      void queryClient.invalidateQueries({ queryKey: ['servers', 'list'] })
    },
  }
}
