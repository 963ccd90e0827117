import { describe, expect, it } from 'vitest'
import { useStage } from '#simulator/testing/stage.ts'

const stage = useStage({ controlPort: 0 })
interface Answer {
  status: number
  data: Record<string, unknown> & Record<string, unknown>[]
  error?: { code: string; message: string; issues?: { path: string }[] }
}

async function call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${stage.simulator.controlUrl}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: text }),
  })
  const answer = response.status === 204 ? {} : ((await response.json()) as object)
  return { ...(answer as Answer), status: response.status }
}

describe('control API, end to end', () => {
  it('makes phones, scans a QR, sends, shows, reads and tells what became of a message', async () => {
    const made = await call('POST', '/phones', { phone_number: '+5511911112222', name: 'Loja' })
    expect(made).toMatchObject({ status: 201, data: { phone_number: '+5511911112222', name: 'Loja', devices: [] } })
    const contact = (await call('POST', '/phones', {})).data
    const contactNumber = String(contact['phone_number'])

    const client = stage.client()
    client.connect()
    const qr = await client.qr()
    const refused = await call('POST', '/phones/+5511911112222/scan', { qr, refresh_first: true })
    expect(refused).toMatchObject({ status: 409, error: { code: 'SECRET_RETIRED' } })
    client.connect()
    const another = stage.client()
    another.connect()
    const linked = await call('POST', '/phones/+5511911112222/scan', { qr: await another.qr() })
    expect(linked).toMatchObject({ status: 201, data: { device_id: 1, jid: '5511911112222:1@s.whatsapp.net' } })
    await another.closed()
    another.connect()
    await another.open()

    await call('PATCH', `/phones/${contactNumber}/behaviour`, { auto_reply: 'thanks', read_receipts: true })
    await another.socket.sendMessage(String(contact['jid']), { text: 'over HTTP' })
    const query = new URLSearchParams({ text: 'over HTTP', wait_ms: '5000' }).toString()
    const shown = await call('GET', `/phones/${contactNumber}/messages?${query}`)
    expect(shown.data).toMatchObject([{ body: 'over HTTP', sender_device: 1, raw_stanzas: 1, from_me: false }])
    await another.text('thanks')

    const sent = await call('POST', `/phones/${contactNumber}/messages`, {
      to: '+5511911112222',
      text: 'Olá',
      id: 'ID1',
    })
    expect(sent).toMatchObject({ status: 201, data: { id: 'ID1' } })
    await another.text('Olá')
    expect((await call('POST', '/phones/+5511911112222/read', { chat: contactNumber })).status).toBe(204)
    const status = await call('GET', `/phones/${contactNumber}/sent/ID1`)
    expect(status.data).toMatchObject({ id: 'ID1', chat: '5511911112222@s.whatsapp.net', retries: 0 })
    expect(status.data['read_ms']).toBeTypeOf('number')
    const ownChat = await call('GET', `/phones/${contactNumber}/messages?text=${encodeURIComponent('Olá')}`)
    expect(ownChat.data).toMatchObject([{ from_me: true, sent: status.data }])
    const group = '120363000000000001@g.us'
    const toGroup = { group, members: ['+5511911112222'], text: 'Olá, all' }
    expect((await call('POST', `/phones/${contactNumber}/group-messages`, toGroup)).status).toBe(201)
    expect((await another.text('Olá, all')).message.key.remoteJid).toBe(group)
    const groupChat = await call('GET', `/phones/${contactNumber}/messages?chat=${group}`)
    expect(groupChat.data).toMatchObject([{ chat: group, body: 'Olá, all', from_me: true }])
    expect((await call('GET', '/connections')).data.some(({ state }) => state === 'active')).toBe(true)

    expect((await call('DELETE', '/phones/+5511911112222/devices/1')).status).toBe(204)
    expect(await another.closed()).toBe(401)
  })

  it('enters a pairing code', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    client.connect()
    await client.qr()
    const code = await client.socket.requestPairingCode(phone.phoneNumber.slice(1))
    expect(await call('POST', `/phones/${phone.phoneNumber}/code`, { code })).toMatchObject({
      status: 201,
      data: { device_id: 1 },
    })
  })

  it('refreshes a registration, ends connections and switches faults', async () => {
    const { phone, client } = await stage.linked()
    const unpaired = stage.client()
    unpaired.connect()
    const refresh = { qr: await unpaired.qr(), shape: 'pair-device-rotate-qr' }
    expect((await call('POST', '/refresh-registration', refresh)).data).toEqual({ acknowledged: false })

    const rule = { action: { kind: 'delay', delay_ms: 5 }, phone_number: phone.phoneNumber, times: 3 }
    const { id } = (await call('POST', '/faults', rule)).data
    expect((await call('GET', '/faults')).data).toEqual([{ id, rule, struck: 0 }])
    expect((await call('DELETE', `/faults/${String(id)}`)).status).toBe(204)
    expect((await call('DELETE', `/faults/${String(id)}`)).status).toBe(404)
    expect((await call('DELETE', '/faults')).status).toBe(204)

    const ended = await call('POST', '/disconnect', { phone_number: phone.phoneNumber, how: '503' })
    expect(ended.data).toEqual({ disconnected: 1 })
    expect(await client.closed()).toBe(503)
  })
})

describe('bad input', () => {
  it.each([
    ['POST', '/phones', { phone_number: '11 98765' }, 'phone_number'],
    ['POST', '/phones', { number: '+5511987654321' }, ''],
    ['POST', '/phones', [], ''],
    ['POST', '/faults', { action: { kind: 'delay' } }, 'action.delay_ms'],
    ['POST', '/faults', { action: { kind: 'explode' } }, 'action.kind'],
    ['POST', '/disconnect', { how: 'gently' }, 'how'],
    ['POST', '/phones/+5511911112222/group-messages', { group: '+5511987654321', members: [], text: 'hi' }, 'group'],
  ])('%s %s %j is a 400 that says where', async (method, path, body, where) => {
    const answer = await call(method, path, body)
    expect(answer).toMatchObject({ status: 400, error: { code: 'INVALID_INPUT' } })
    expect(answer.error?.issues?.map(({ path: at }) => at)).toContain(where)
  })

  it('is told apart: broken JSON, another content type, faults without sense, unknown things', async () => {
    const { phoneNumber } = await stage.simulator.makePhone()
    expect(await call('POST', '/phones', '{')).toMatchObject({ status: 400, error: { code: 'INVALID_JSON' } })
    expect(await call('POST', '/phones', '{}', { 'content-type': 'text/plain' })).toMatchObject({
      status: 415,
      error: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    })
    const nonsense = { action: { kind: 'refuse', code: 463 }, direction: 'to-device' }
    expect(await call('POST', '/faults', nonsense)).toMatchObject({ status: 400, error: { code: 'INVALID_INPUT' } })
    expect(await call('GET', '/phones/+5511900000001')).toMatchObject({ error: { code: 'PHONE_NOT_FOUND' } })
    expect(await call('GET', '/nothing')).toMatchObject({ status: 404, error: { code: 'NOT_FOUND' } })
    expect(await call('GET', `/phones/${phoneNumber}/sent/X`)).toMatchObject({ error: { code: 'MESSAGE_NOT_FOUND' } })
    expect(await call('DELETE', `/phones/${phoneNumber}/devices/9`)).toMatchObject({
      error: { code: 'DEVICE_NOT_FOUND' },
    })
    const toNobody = { to: '+5511900000001', text: 'hi' }
    expect(await call('POST', `/phones/${phoneNumber}/messages`, toNobody)).toMatchObject({
      status: 409,
      error: { code: 'NOT_ON_WHATSAPP' },
    })
    expect(await call('POST', `/phones/${phoneNumber}/scan`, { qr: 'x' })).toMatchObject({
      status: 409,
      error: { code: 'QR_INVALID' },
    })
  })
})
