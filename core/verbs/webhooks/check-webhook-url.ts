import { ApiError } from '#contracts/errors.ts'
import type { HostVerdict } from '#contracts/worker-protocol.ts'
import type { ServerAddress } from '#core/ports/servers.ts'
import type { UrlCheck } from '#core/ports/webhooks.ts'
import type { ServerRoute } from '#core/ports/worker-gateway.ts'
import { hostNameOf, refuseWebhookUrl } from '#core/rules/webhook-url-policy.ts'
import type { App } from '#core/verbs/app.ts'

/** So many workers are asked, one after the other: the first may just have died. */
const asked = 2

/**
 * What is known of an address before it is saved: what it says itself, and where its host name leads, which a live worker
 * looks up because the edge cannot. `unverified` when none answers or the name cannot be looked up now: each attempt checks
 * it again anyway. Throws VALIDATION_ERROR for an address that must not be called.
 */
export async function checkWebhookUrl(
  app: Pick<App, 'exceptions' | 'servers' | 'gateway'>,
  url: string,
  ownHost: string,
): Promise<UrlCheck> {
  const problem = refuseWebhookUrl(url, { ownHost, allowLoopback: app.exceptions.loopbackWebhooks })
  if (problem !== undefined) throw refused(problem)
  const hostName = hostNameOf(url)
  if (hostName === undefined) return 'verified'
  const servers = await app.servers.addresses()
  if (servers.some((server) => hostNameOf(server.url) === hostName)) {
    throw refused('must not be an address of this service')
  }
  const result = await resolve(app, liveFirst(servers), hostName)
  if (result === 'refused') throw refused('must have a host name that leads to public addresses only')
  return result === 'public' ? 'verified' : 'unverified'
}

async function resolve(
  app: Pick<App, 'gateway'>,
  [server, ...others]: readonly ServerRoute[],
  hostName: string,
): Promise<HostVerdict> {
  if (server === undefined) return 'unknown'
  try {
    return await app.gateway.resolveHost(server, hostName)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return resolve(app, others, hostName)
  }
}

/** Any of those that live, so that no worker gets all questions. */
function liveFirst(servers: readonly ServerAddress[]): ServerRoute[] {
  const live = servers.filter((server): server is ServerRoute => server.incarnation !== null)
  const start = crypto.getRandomValues(new Uint8Array(1))[0] ?? 0
  return live
    .map((_, index) => live[(start + index) % live.length])
    .filter((server) => server !== undefined)
    .slice(0, asked)
}

function refused(problem: string): ApiError {
  return new ApiError('VALIDATION_ERROR', 'The request is not valid.', { details: { url: problem } })
}
