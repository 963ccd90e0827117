import type { LookupAddress, LookupOptions } from 'node:dns'
import { Agent } from 'undici'
import { isLoopbackAddress, isPublicAddress } from '#core/rules/public-address.ts'
import type { HostAddress, ResolveHost } from './resolve-host.ts'

const connectTimeoutMs = 5_000

/** The address behind a webhook's host name is not one that we call. The text names no address. */
export class AddressRefused extends Error {
  constructor() {
    super('The host name does not resolve to a public address.')
    this.name = 'AddressRefused'
  }
}

export interface GuardOptions {
  /** The exception of the local stack. */
  allowLoopback: boolean
  resolve: ResolveHost
}

/** The addresses of a name, all of them public. Throws AddressRefused and what the look-up met. */
export async function resolvePublic(
  hostname: string,
  { allowLoopback, resolve }: GuardOptions,
): Promise<HostAddress[]> {
  // No name server is asked for it, so that a machine without any can run the local stack.
  if (allowLoopback && hostname === 'localhost') return [{ address: '127.0.0.1', family: 4 }]
  const addresses = await resolve(hostname)
  const allowed = ({ address }: HostAddress) =>
    isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address))
  if (addresses.length === 0 || !addresses.every(allowed)) throw new AddressRefused()
  return addresses
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void

/**
 * Connections to webhook endpoints. A name is resolved here, at dialling time; every address must be public, and exactly
 * the checked addresses are dialled, so a name that changes its answer between check and call gains nothing. TLS still
 * verifies the name. Literal addresses never reach the look-up: `refuseWebhookUrl` decides about them.
 */
export function createGuardedAgent(options: GuardOptions): Agent {
  async function look(hostname: string, { all }: LookupOptions, callback: LookupCallback): Promise<void> {
    const addresses = await resolvePublic(hostname, options).catch((error: unknown) => error as Error)
    if (addresses instanceof Error) callback(addresses, [])
    else if (all === true) callback(null, addresses)
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
  }

  return new Agent({
    connect: { timeout: connectTimeoutMs, lookup: (...args) => void look(...args) },
    // A connection is kept for a burst of events, no longer: the name may move on.
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    maxHeaderSize: 16_384,
  })
}
