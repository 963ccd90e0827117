import { useQueryClient } from '@tanstack/react-query'
import {
  activateCustomerContract,
  createCustomerContract,
  createCustomerKeyContract,
  deleteCustomerContract,
  regenerateKeyContract,
  revokeCustomerKeyContract,
  suspendCustomerContract,
  updateCustomerContract,
} from '#contracts/http/customers.ts'
import type { ApiKeyId, CustomerId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import type { CallInput } from '#dashboard/lib/api/send-request.ts'
import { useRefreshing } from '#dashboard/lib/use-refreshing.ts'

type BodyOf<C extends Parameters<typeof call>[0]> = NonNullable<CallInput<C>['body']>

/** What can be done to customers. What is shown of them is loaded anew afterwards, also after a refusal. */
export function useCustomerChanges() {
  const queryClient = useQueryClient()
  const refreshing = useRefreshing('customers')
  return {
    create: refreshing((body: BodyOf<typeof createCustomerContract>) => call(createCustomerContract, { body })),
    update: refreshing((customer_id: CustomerId, body: BodyOf<typeof updateCustomerContract>) =>
      call(updateCustomerContract, { params: { customer_id }, body }),
    ),
    suspend: refreshing((customer_id: CustomerId) => call(suspendCustomerContract, { params: { customer_id } })),
    activate: refreshing((customer_id: CustomerId) => call(activateCustomerContract, { params: { customer_id } })),
    /** Its own page is not asked again: there is nothing left to show, so whoever calls this leaves it. */
    remove: async (customer_id: CustomerId) => {
      await queryClient.cancelQueries({ queryKey: ['customers', 'one', customer_id] })
      await call(deleteCustomerContract, { params: { customer_id } })
      void queryClient.invalidateQueries({ queryKey: ['customers', 'list'] })
    },
    createKey: refreshing((customer_id: CustomerId, body: BodyOf<typeof createCustomerKeyContract>) =>
      call(createCustomerKeyContract, { params: { customer_id }, body }),
    ),
    revokeKey: refreshing((customer_id: CustomerId, api_key_id: ApiKeyId) =>
      call(revokeCustomerKeyContract, { params: { customer_id, api_key_id } }),
    ),
    regenerateKey: refreshing((customer_id: CustomerId) => call(regenerateKeyContract, { params: { customer_id } })),
  }
}
