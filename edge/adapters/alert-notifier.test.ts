import { Webhook } from 'standardwebhooks'
import { afterEach, expect, it, vi } from 'vitest'
import type { Notice } from '#core/ports/alert-notifier.ts'
import { newWebhookSecret } from '#core/rules/webhook-secret.ts'
import { ConfigError } from '#db/config/variables.ts'
import { AlertNotTaken, createAlertNotifier } from './alert-notifier.ts'

const secret = newWebhookSecret()
const clock = { now: () => new Date() }
const notice: Notice = {
  id: 'alr_1.opened',
  type: 'alert.opened',
  timestamp: '2026-01-31T12:00:00.000Z',
  data: { kind: 'database-away', severity: 'critical', message: 'It is away.', subject: 'database' },
}

const notifierOf = (url: string, loopbackWebhooks = false) =>
  createAlertNotifier({ url, secret }, clock, { loopbackWebhooks })

function answering(status: number) {
  const asked = vi.fn<typeof fetch>(async () => new Response(null, { status }))
  vi.stubGlobal('fetch', asked)
  return asked
}
afterEach(() => void vi.unstubAllGlobals())

it('sends a notice that any library of Standard Webhooks verifies, and follows no redirect', async () => {
  const asked = answering(204)
  await notifierOf('https://ops.example.com/alerts')!.send(notice)
  const [url, init] = asked.mock.calls[0]!
  expect([url, init?.redirect]).toEqual(['https://ops.example.com/alerts', 'manual'])
  const headers = init?.headers as Record<string, string>
  expect(new Webhook(secret).verify(init?.body as string, headers)).toEqual(notice)
})

it.each([302, 400, 410, 500])('does not take %i for an answer', async (status) => {
  answering(status)
  await expect(notifierOf('https://ops.example.com/alerts')!.send(notice)).rejects.toThrow(AlertNotTaken)
})

it.each([
  'http://ops.example.com/',
  'https://169.254.169.254/latest',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://db.internal/',
])('refuses to be set up for %s', (url) => {
  expect(() => notifierOf(url)).toThrow(ConfigError)
})

it('is there only when the operator set it up; the local stack may call this machine', () => {
  expect(createAlertNotifier(undefined, clock, { loopbackWebhooks: false })).toBeUndefined()
  expect(notifierOf('http://127.0.0.1:8080/', true)).toBeDefined()
})
