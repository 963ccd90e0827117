import { exampleId } from '#contracts/examples.ts'
import type { Contract } from '#contracts/http/contract.ts'
import type { WorkerAnswers } from '#core/testing/fake-worker-gateway.ts'

/** One well-formed call of a route, from which the suites make the bad ones; some can only be refused in the seeded state. */
export interface Probe {
  body?: Record<string, unknown>
  status: number
}

const expires_at = '2026-03-01T12:00:00.000Z'

/** What the workers answer while routes are probed. */
export const probeAnswers: WorkerAnswers = {
  sync: () => ({}),
  restart: () => ({}),
  logout: () => ({}),
  qr: () => ({ qr: '2@probe', expires_at }),
  'pairing-code': () => ({ code: 'ABCD1234', expires_at }),
  outbox: () => ({ message: null }),
}

const password = 'not the password of anybody'

const newKey = { name: 'another', scopes: ['keys:manage'] }

const newServer = {
  name: 'sao-paulo-1',
  url: 'https://sao-paulo-1.example.com',
  region: 'sa-east',
  ip_address: '203.0.113.7',
  max_capacity: 100,
}

const enrollment = {
  token: `wet_${'0'.repeat(43)}`,
  public_key: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  version: '0.1.0',
  cpu_cores: 4,
  ram_gb: 8,
}

const text = { to: '+5511999990002', type: 'text', text: { body: 'Hello' } }

/** By method and path. A route without a probe fails the suites. */
const probes: Record<string, Probe> = {
  'GET /health': { status: 200 },
  'GET /.well-known/jwks.json': { status: 200 },
  'GET /openapi.json': { status: 200 },
  'GET /docs': { status: 200 },
  'GET /api/v1/me': { status: 200 },
  'GET /api/v1/usage': { status: 200 },
  'POST /api/v1/instances': { body: { name: 'shop' }, status: 201 },
  'GET /api/v1/instances': { status: 200 },
  'GET /api/v1/instances/:instance_id': { status: 200 },
  'PATCH /api/v1/instances/:instance_id': { body: { name: 'renamed' }, status: 200 },
  'DELETE /api/v1/instances/:instance_id': { status: 204 },
  'POST /api/v1/instances/:instance_id/start': { status: 202 },
  'POST /api/v1/instances/:instance_id/stop': { status: 202 },
  'POST /api/v1/instances/:instance_id/restart': { status: 202 },
  'POST /api/v1/instances/:instance_id/logout': { status: 202 },
  'GET /api/v1/instances/:instance_id/qr': { status: 200 },
  'POST /api/v1/instances/:instance_id/pairing-code': { body: { phone_number: '+5511999990001' }, status: 201 },
  'POST /api/v1/instances/:instance_id/pairing-link': { body: {}, status: 201 },
  'GET /api/pair': { status: 200 },
  'GET /api/pair/events': { status: 200 },
  'POST /api/pair/start': { status: 202 },
  'POST /api/pair/code': { body: { phone_number: '+5511999990001' }, status: 201 },
  'POST /api/v1/instances/:instance_id/messages': { body: text, status: 202 },
  'GET /api/v1/instances/:instance_id/messages': { status: 200 },
  'GET /api/v1/messages/:message_id': { status: 200 },
  'POST /api/v1/messages/:message_id/cancel': { status: 200 },
  'POST /send/message': { body: { phone: '+5511999990002', message: 'Hello' }, status: 202 },
  'GET /api/v1/events': { status: 200 },
  'POST /api/v1/webhooks': { body: { url: 'https://shop.example.com/new' }, status: 201 },
  'GET /api/v1/webhooks': { status: 200 },
  'GET /api/v1/webhooks/:webhook_id': { status: 200 },
  'PATCH /api/v1/webhooks/:webhook_id': { body: { description: 'orders' }, status: 200 },
  'DELETE /api/v1/webhooks/:webhook_id': { status: 204 },
  'POST /api/v1/webhooks/:webhook_id/test': { status: 202 },
  'POST /api/v1/webhooks/:webhook_id/rotate-secret': { status: 200 },
  'GET /api/v1/webhooks/:webhook_id/deliveries': { status: 200 },
  'POST /api/admin/auth/login': { body: { email: 'nobody@example.com', password }, status: 401 },
  'POST /api/admin/auth/refresh': { status: 200 },
  'POST /api/admin/auth/logout': { status: 204 },
  'POST /api/admin/auth/logout-everywhere': { status: 200 },
  'GET /api/admin/auth/me': { status: 200 },
  'DELETE /api/admin/auth/sessions/:session_id': { status: 204 },
  'POST /api/admin/auth/password': {
    body: { current_password: password, new_password: 'long enough, and new' },
    status: 401,
  },
  'POST /api/admin/auth/totp': { status: 201 },
  'POST /api/admin/auth/totp/confirm': { body: { code: '123456' }, status: 409 },
  'POST /api/admin/auth/totp/remove': { body: { password, code: '123456' }, status: 409 },
  'GET /api/admin/admins': { status: 200 },
  'POST /api/admin/admins': { body: { email: 'new@example.com', name: 'New', role: 'viewer' }, status: 201 },
  'PUT /api/admin/admins/:admin_id': { body: { name: 'Renamed' }, status: 200 },
  'POST /api/admin/admins/:admin_id/reset': { status: 200 },
  'GET /api/admin/audit-logs': { status: 200 },
  'GET /api/admin/audit-logs/export': { status: 200 },
  'GET /api/admin/metrics/global': { status: 200 },
  'GET /api/admin/usage': { status: 200 },
  'GET /api/admin/alerts': { status: 200 },
  'POST /api/admin/alerts/:alert_id/acknowledge': { status: 200 },
  'POST /api/admin/alerts/:alert_id/resolve': { status: 200 },
  'POST /api/admin/customers': { body: { name: 'New', plan: 'pro' }, status: 201 },
  'GET /api/admin/customers': { status: 200 },
  'GET /api/admin/customers/:customer_id': { status: 200 },
  'PUT /api/admin/customers/:customer_id': { body: { name: 'Renamed' }, status: 200 },
  'DELETE /api/admin/customers/:customer_id': { status: 204 },
  'POST /api/admin/customers/:customer_id/suspend': { status: 200 },
  'POST /api/admin/customers/:customer_id/activate': { status: 200 },
  'POST /api/admin/customers/:customer_id/regenerate-key': { status: 201 },
  'GET /api/admin/customers/:customer_id/usage': { status: 200 },
  'GET /api/admin/customers/:customer_id/instances': { status: 200 },
  'GET /api/admin/customers/:customer_id/api-keys': { status: 200 },
  'POST /api/admin/customers/:customer_id/api-keys': { body: newKey, status: 201 },
  'DELETE /api/admin/customers/:customer_id/api-keys/:api_key_id': { status: 204 },
  'GET /api/admin/customers/:customer_id/webhooks': { status: 200 },
  'GET /api/admin/customers/:customer_id/webhooks/:webhook_id': { status: 200 },
  'GET /api/admin/customers/:customer_id/webhooks/:webhook_id/deliveries': { status: 200 },
  'POST /api/admin/customers/:customer_id/webhooks/:webhook_id/replay': {
    body: { from: '2026-01-31T12:00:00Z' },
    status: 202,
  },
  'GET /api/admin/instances': { status: 200 },
  'GET /api/admin/servers/:server_id/instances': { status: 200 },
  'GET /api/admin/instances/:instance_id': { status: 200 },
  'GET /api/admin/instances/:instance_id/history': { status: 200 },
  'GET /api/admin/instances/:instance_id/messages': { status: 200 },
  'GET /api/admin/instances/:instance_id/messages/:message_id': { status: 200 },
  'POST /api/admin/instances/:instance_id/messages': { body: { to: '+5511999990002', text: 'Hello' }, status: 202 },
  'GET /api/admin/instances/:instance_id/pairing/events': { status: 200 },
  'POST /api/admin/instances/:instance_id/pairing-code': { body: { phone_number: '+5511999990001' }, status: 201 },
  'POST /api/admin/instances/:instance_id/pairing-link': { body: {}, status: 201 },
  'POST /api/admin/instances/:instance_id/start': { status: 202 },
  // No other server's worker runs.
  'POST /api/admin/instances/:instance_id/move': { body: {}, status: 503 },
  'POST /api/admin/instances/:instance_id/restart': { status: 202 },
  'POST /api/admin/instances/:instance_id/logout': { status: 202 },
  'POST /api/admin/customers/:customer_id/reassign': { body: { server_id: exampleId('srv') }, status: 503 },
  'GET /api/admin/servers': { status: 200 },
  'GET /api/admin/servers/:server_id': { status: 200 },
  'GET /api/admin/servers/:server_id/metrics': { status: 200 },
  'POST /api/admin/servers': { body: newServer, status: 201 },
  'PUT /api/admin/servers/:server_id': { body: { max_capacity: 150 }, status: 200 },
  'DELETE /api/admin/servers/:server_id': { status: 204 },
  'POST /api/admin/servers/:server_id/enrollment-token': { status: 201 },
  'POST /internal/enroll': { body: enrollment, status: 401 },
  'POST /api/admin/servers/:server_id/status': { body: { status: 'maintenance', reason: 'New disk' }, status: 200 },
  'POST /api/admin/servers/:server_id/drain': { status: 200 },
  'POST /api/admin/servers/:server_id/activate': { status: 200 },
  // No worker runs there.
  'POST /api/admin/servers/:server_id/rebalance': { status: 409 },
  'POST /api/v1/api-keys': { body: newKey, status: 201 },
  'GET /api/v1/api-keys': { status: 200 },
  'DELETE /api/v1/api-keys/:api_key_id': { status: 204 },
  'POST /api/v1/webhooks/:webhook_id/replay': { body: { from: '2026-01-31T12:00:00Z' }, status: 202 },
}

/** Throws for a route that nobody wrote a probe for. */
export function probeOf({ method, path }: Contract): Probe {
  const probe = probes[`${method} ${path}`]
  if (probe === undefined) throw new Error(`Write a probe for ${method} ${path} into edge/testing/route-probes.ts.`)
  return probe
}

export const probedRoutes = Object.keys(probes)
