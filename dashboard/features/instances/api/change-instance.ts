import {
  logoutFleetInstanceContract,
  moveFleetInstanceContract,
  restartFleetInstanceContract,
  startFleetInstanceContract,
} from '#contracts/http/fleet-instances.ts'
import { sendTestMessageContract } from '#contracts/http/fleet-messages.ts'
import { createFleetPairingLinkContract, requestFleetPairingCodeContract } from '#contracts/http/fleet-pairing.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import type { CallInput } from '#dashboard/lib/api/send-request.ts'
import { useRefreshing } from '#dashboard/lib/use-refreshing.ts'

type BodyOf<C extends Parameters<typeof call>[0]> = NonNullable<CallInput<C>['body']>

/** What can be done to an instance. What is shown of it is loaded anew afterwards, also after a refusal. */
export function useInstanceChanges(instance_id: InstanceId) {
  const refreshing = useRefreshing('instances')
  const params = { instance_id }
  return {
    start: refreshing(() => call(startFleetInstanceContract, { params })),
    restart: refreshing(() => call(restartFleetInstanceContract, { params })),
    logOut: refreshing(() => call(logoutFleetInstanceContract, { params })),
    move: refreshing((body: BodyOf<typeof moveFleetInstanceContract>) =>
      call(moveFleetInstanceContract, { params, body }),
    ),
    requestCode: refreshing((body: BodyOf<typeof requestFleetPairingCodeContract>) =>
      call(requestFleetPairingCodeContract, { params, body }),
    ),
    createLink: (body: BodyOf<typeof createFleetPairingLinkContract>) =>
      call(createFleetPairingLinkContract, { params, body }),
    sendTest: refreshing((body: BodyOf<typeof sendTestMessageContract>) =>
      call(sendTestMessageContract, { params, body }),
    ),
  }
}
