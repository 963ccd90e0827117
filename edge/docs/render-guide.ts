import { html } from 'hono/html'
import { codeBlock, prose, type Piece } from './markup.ts'

/** What holds for every call, before the first endpoint. */
export function renderBasics(): Piece {
  return html`<section id="basics">
    <h2>Basics</h2>
    <p>
      ${prose(
        'Send your key with each request, as `X-API-Key: ak_live_...` or `Authorization: Bearer ak_live_...`. Bodies are JSON in UTF-8; unknown fields are refused rather than ignored.',
      )}
    </p>
    ${codeBlock('export BASE=https://api.example.com KEY=ak_live_...\ncurl "$BASE/api/v1/me" -H "X-API-Key: $KEY"', 'First call')}
    <p>
      ${prose(
        'Every answer has the same envelope: `success` and `data`, or `success` and `error`. Lists are newest first; while `meta.next_cursor` is not null, pass it as `cursor`.',
      )}
    </p>
    ${codeBlock(
      [
        '{ "success": true, "data": { ... } }',
        '{ "success": true, "data": [ ... ], "meta": { "next_cursor": null } }',
        '{ "success": false, "error": { "code": "NOT_FOUND", "message": "...", "details": {}, "request_id": "req_..." } }',
      ].join('\n'),
      'Envelope',
    )}
    <p>
      ${prose(
        'Every answer carries `X-Request-Id`. Limited plans show `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`; 429 and 503 come with `Retry-After`. After a time-out or a 5xx, repeat with the same `Idempotency-Key`: the same request acts once.',
      )}
    </p>
    <p>
      ${prose('The same description for programs: ')}<a href="/openapi.json">openapi.json</a>${prose(' (OpenAPI 3.1).')}
    </p>
  </section>`
}

const verification = `import { Webhook } from 'standardwebhooks'

const event = new Webhook(process.env.WEBHOOK_SECRET).verify(rawBody, {
  'webhook-id': headers['webhook-id'],
  'webhook-timestamp': headers['webhook-timestamp'],
  'webhook-signature': headers['webhook-signature'],
})`

/** How a receiver knows that a call is ours. */
export function renderVerification(): Piece {
  return html`<h3 id="verification">Verify each call</h3>
    <p>
      ${prose(
        'Each call carries the headers of Standard Webhooks, for which libraries exist in most languages. Give them the body as it came, before any JSON parsing, and the secret `whsec_...` that the endpoint was created with.',
      )}
    </p>
    ${codeBlock(verification, 'Verification in JavaScript')}
    <p>
      ${prose(
        'By hand: `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`, keyed with the decoded base64 part of the secret after `whsec_`. The header may hold several signatures, separated by spaces; one that matches is enough. Compare in constant time, and refuse timestamps that are more than five minutes off.',
      )}
    </p>
    <p>
      ${prose(
        'Events of one chat come in order and at least once: answer 2xx within 15 seconds, and drop what you have seen by its `webhook-id`. Anything else is tried again with growing pauses for about three days; 410 disables the endpoint.',
      )}
    </p>`
}
