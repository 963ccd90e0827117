/**
 * Examples that the documentation shows. They stand at the schemas that they are examples of, and a test reads each by
 * its schema.
 */
const suffixes = '01h455vb4pex5vsknk084sn02q'

export function exampleId<const P extends string>(prefix: P): `${P}_${string}` {
  return `${prefix}_${suffixes}`
}

const createdAt = '2026-01-31T12:00:00.000Z'

export const exampleInstance = {
  id: exampleId('ins'),
  name: 'shop',
  desired: 'running',
  state: 'connected',
  reason: null,
  reason_text: null,
  phone_number: '+5511999990001',
  new_chats_per_minute: null,
  new_chats_held_until: null,
  slowed_until: null,
  state_changed_at: '2026-01-31T12:00:20.000Z',
  created_at: createdAt,
} as const

export const exampleStateChange = {
  instance_id: exampleInstance.id,
  state: 'failed',
  reason: 'qr-expired',
  reason_text: 'Nobody scanned the QR code in time. Start the instance again for a new one.',
  phone_number: null,
} as const

export const exampleSendingLimit = {
  instance_id: exampleInstance.id,
  reason: 'wa-too-fast',
  reason_text: 'WhatsApp refused a message because this number sends too fast. All messages leave slower.',
  effect: 'sending-slowed',
  until: '2026-01-31T13:00:00.000Z',
} as const

export const exampleMessage = {
  id: exampleId('msg'),
  instance_id: exampleId('ins'),
  direction: 'outbound',
  from: '+5511999990001',
  to: '+5511999990002',
  chat: '+5511999990002',
  status: 'sent',
  error: null,
  wa_message_id: '3EB0C431C26A1916E07E',
  context: null,
  created_at: createdAt,
  sent_at: '2026-01-31T12:00:01.000Z',
  delivered_at: null,
  read_at: null,
  expires_at: '2026-02-01T12:00:00.000Z',
  type: 'text',
  text: { body: 'Hello' },
} as const

export const exampleWebhook = {
  id: exampleId('whk'),
  url: 'https://shop.example.com/hooks',
  description: 'orders',
  events: ['message.received', 'message.failed'],
  instance_id: null,
  status: 'enabled',
  disabled_reason: null,
  failing_since: null,
  url_check: 'verified',
  created_at: createdAt,
} as const

export const exampleDisabled = {
  webhook_id: exampleWebhook.id,
  reason: 'endpoint-failing',
  failing_since: '2026-01-26T12:00:00.000Z',
} as const

export const exampleQr = {
  qr: '2@Zm9yIHNob3cgb25seQ==,bm90IGEga2V5,bm90IGFuIGlkZW50aXR5,c2VjcmV0',
  expires_at: '2026-01-31T12:00:20.000Z',
} as const

export const exampleApiKey = {
  id: exampleId('key'),
  name: 'production',
  public_id: 'Zx81QlMc',
  scopes: ['messages:send', 'messages:read'],
  default_instance_id: null,
  allowed_addresses: ['203.0.113.0/24'],
  expires_at: null,
  last_used_at: createdAt,
  created_at: createdAt,
} as const

export const exampleKeySecret = 'ak_live_Zx81QlMc_this-is-where-43-secret-characters-stand'
