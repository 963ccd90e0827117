import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InstanceView } from '#contracts/http/instances.ts'
import { readQrCode } from '#edge/testing/read-qr-code.ts'
import { createApiClient } from '#local/client/api-client.ts'
import { createCustomer } from '#local/stack/create-customer.ts'
import { silentProgress } from '#local/stack/progress.ts'
import { startStack, type Stack } from '#local/stack/start-stack.ts'

let dataDir: string
let stack: Stack
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-e2e-'))
  stack = await startStack({ dataDir }, silentProgress)
})
afterAll(async () => {
  await stack?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

test('a phone scans the picture that the stream announces, and the stream tells that it is linked', async () => {
  const { apiKey } = await createCustomer(stack.customers, { name: 'Stream', plan: 'business' })
  const phone = await stack.simulator!.makePhone({ name: 'Company' })
  const { data: instance } = await createApiClient(stack.url, apiKey).request<InstanceView>(
    'POST',
    '/api/v1/instances',
    {
      body: { name: 'stream' },
    },
  )
  const qr = (accept: string) =>
    fetch(`${stack.url}/api/v1/instances/${instance.id}/qr`, { headers: { 'x-api-key': apiKey, accept } })

  const told: string[] = []
  let scanned = false
  for await (const { event, data } of eventsOf(await qr('text/event-stream'))) {
    told.push(event === 'state' ? String(data['state']) : event)
    if (event === 'end') expect(data).toEqual({ reason: 'paired' })
    if (event !== 'qr' || scanned) continue
    scanned = true
    const picture = new Uint8Array(await (await qr('image/png')).arrayBuffer())
    await phone.scan((await readQrCode(picture)) ?? '')
  }
  expect(told).toContain('pairing')
  expect(told.slice(-2)).toEqual(['connected', 'end'])
})

interface StreamEvent {
  event: string
  data: Record<string, unknown>
}

async function* eventsOf(response: Response): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1]
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as Record<string, unknown> }
    }
  }
}
