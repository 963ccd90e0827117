import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { Agent } from 'undici'
import { isLoopbackAddress, isPublicAddress } from '#core/rules/public-address.ts'

const connectTimeoutMs = 5_000

/** The address behind a webhook's host name is not one that we call. The text names no address. */
export class AddressRefused extends Error {
  constructor() {
    super('The host name does not resolve to a public address.')
    this.name = 'AddressRefused'
  }
}

/** Resolves a name to all its addresses: `dns.lookup`, unless a test has its own. */
export type LookupAll = (
  hostname: string,
  options: { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void

/**
 * Connections to webhook endpoints. A name is resolved here, at dialling time; every address must be public, and exactly
 * the checked addresses are dialled, so a name that changes its answer between check and call gains nothing. TLS still
 * verifies the name. Literal addresses never reach the look-up: `refuseWebhookUrl` decides about them.
 */
export function createGuardedAgent(options: { allowLoopback: boolean; lookupAll?: LookupAll }): Agent {
  const lookupAll = options.lookupAll ?? dnsLookup
  const allowed = ({ address }: LookupAddress) =>
    isPublicAddress(address) || (options.allowLoopback && isLoopbackAddress(address))

  function lookup(hostname: string, { all }: LookupOptions, callback: LookupCallback): void {
    lookupAll(hostname, { all: true }, (error, addresses) => {
      const [first] = error === null ? addresses : []
      if (error !== null) callback(error, [])
      else if (first === undefined || !addresses.every(allowed)) callback(new AddressRefused(), [])
      else if (all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }

  return new Agent({
    connect: { timeout: connectTimeoutMs, lookup },
    // A connection is kept for a burst of events, no longer: the name may move on.
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    maxHeaderSize: 16_384,
  })
}
