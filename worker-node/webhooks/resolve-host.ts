import { Resolver } from 'node:dns/promises'

export interface HostAddress {
  address: string
  family: 4 | 6
}

/** All addresses of a host name, at least one. Throws what the look-up met, with its code (ENOTFOUND, ETIMEOUT ...). */
export type ResolveHost = (hostname: string) => Promise<HostAddress[]>

/**
 * Asks the name servers of this machine, without its hosts file. Not `dns.lookup`: that takes one of the four threads of
 * libuv's pool for as long as a name server is silent, so four silent ones would hold up every other look-up.
 */
export function createResolveHost(): ResolveHost {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  return async (hostname) => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
    const found = [...of(v4, 4), ...of(v6, 6)]
    if (found.length > 0) return found
    // A name that exists without an address of one family answers ENODATA for it: what the other met says more.
    throw v4.status === 'rejected' && !hasNoData(v4.reason) ? v4.reason : reasonOf(v6, v4)
  }
}

function of(answer: PromiseSettledResult<string[]>, family: 4 | 6): HostAddress[] {
  return answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : []
}

function reasonOf(...answers: PromiseSettledResult<string[]>[]): unknown {
  return answers.find((answer) => answer.status === 'rejected')?.reason ?? noAddress()
}

function hasNoData(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENODATA'
}

function noAddress(): Error {
  return Object.assign(new Error('The name has no address.'), { code: 'ENODATA' })
}
