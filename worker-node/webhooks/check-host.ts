import type { HostVerdict } from '#contracts/worker-protocol.ts'
import { AddressRefused, resolvePublic, type GuardOptions } from './guarded-agent.ts'

/** Whether webhooks may go to a host name: what the edge asks before it saves one. Never rejects. */
export type CheckHost = (hostName: string) => Promise<HostVerdict>

/** Decides as the attempts do. */
export function createCheckHost(guard: GuardOptions): CheckHost {
  return async (hostName) => {
    try {
      await resolvePublic(hostName, guard)
      return 'public'
    } catch (error) {
      return error instanceof AddressRefused ? 'refused' : 'unknown'
    }
  }
}
