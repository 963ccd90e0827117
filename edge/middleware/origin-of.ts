import type { Origin } from '#core/verbs/admin-app.ts'
import type { EdgeContext } from '#edge/edge-env.ts'

/** Where a request came from. Cloudflare sets the address and overwrites what a client claims. */
export function originOf(c: EdgeContext): Origin {
  const address = c.req.header('cf-connecting-ip')
  return { requestId: c.var.requestId, address: address === undefined ? null : address.slice(0, 45) }
}
