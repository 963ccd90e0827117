import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { EdgeContext } from '#edge/edge-env.ts'

export function utf8Of(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>
}

/** An answer in JSON, encoded here because its bytes are counted. */
export function answerJson(c: EdgeContext, body: object, status: ContentfulStatusCode): Response {
  const bytes = utf8Of(JSON.stringify(body))
  const traffic = c.get('traffic')
  // There is none yet when a request fails before anything is known of it.
  if (traffic !== undefined) traffic.bytesOut += bytes.length
  return c.body(bytes, status, { 'Content-Type': 'application/json' })
}
