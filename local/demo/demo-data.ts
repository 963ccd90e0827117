import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { InstanceView } from '#contracts/http/instances.ts'
import { ApiRefusal, createApiClient, type ApiClient } from '#local/client/api-client.ts'
import { createCustomer } from '#local/stack/create-customer.ts'
import type { Stack } from '#local/stack/start-stack.ts'
import { saveState, type DemoData } from '#local/stack/state.ts'
import type { Phone, Simulator } from '#simulator/api.ts'
import { pairByQr, whenConnected } from './pair-instance.ts'

export interface Demo {
  data: DemoData
  api: ApiClient
  /** The phone that the instance is linked to, and the one to write to. */
  ownPhone: Phone
  contactPhone: Phone
  /** False when an earlier start had made and paired everything. */
  isNew: boolean
}

/**
 * Makes a customer with a key, a webhook endpoint to the sink and an instance that is paired with a virtual phone; or
 * takes up what an earlier start made: the endpoint then gets the sink's new address and the session reconnects by itself.
 */
export async function prepareDemo(stack: Stack, simulator: Simulator): Promise<Demo> {
  const remembered = stack.state.demo
  if (remembered !== undefined) {
    const api = createApiClient(stack.url, remembered.apiKey)
    if (await stillKnown(api)) {
      await api.request('PATCH', `/api/v1/webhooks/${remembered.webhookId}`, { body: { url: stack.sink.url } })
      stack.sink.expectSecret(remembered.webhookSecret)
      return withPhones(simulator, remembered, api, false)
    }
  }
  const data = await makeDemo(stack, simulator)
  stack.state.demo = data
  await saveState(stack.dataDir, stack.state)
  return withPhones(simulator, data, createApiClient(stack.url, data.apiKey), true)
}

/** False when the folder's state belongs to a database that is gone, such as another DATABASE_URL. */
async function stillKnown(api: ApiClient): Promise<boolean> {
  try {
    await api.request('GET', '/api/v1/me')
    return true
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 'INVALID_API_KEY') return false
    throw error
  }
}

async function makeDemo(stack: Stack, simulator: Simulator): Promise<DemoData> {
  const { customerId, apiKey } = await createCustomer(stack.customers, { name: 'Demo', plan: 'business' })
  const api = createApiClient(stack.url, apiKey)
  const { data: webhook } = await api.request<WebhookView & { secret: string }>('POST', '/api/v1/webhooks', {
    body: { url: stack.sink.url, description: 'the sink of the local stack' },
  })
  stack.sink.expectSecret(webhook.secret)

  const ownPhone = await simulator.makePhone({ name: 'Demo company' })
  const contactPhone = await simulator.makePhone({ name: 'Demo contact' })
  const { data: instance } = await api.request<InstanceView>('POST', '/api/v1/instances', { body: { name: 'demo' } })
  await pairByQr(api, instance.id, ownPhone)
  return {
    customerId,
    apiKey,
    instanceId: instance.id,
    webhookId: webhook.id,
    webhookSecret: webhook.secret,
    ownNumber: ownPhone.phoneNumber,
    contactNumber: contactPhone.phoneNumber,
  }
}

async function withPhones(simulator: Simulator, data: DemoData, api: ApiClient, isNew: boolean): Promise<Demo> {
  const ownPhone = await simulator.makePhone({ phoneNumber: data.ownNumber })
  const contactPhone = await simulator.makePhone({ phoneNumber: data.contactNumber })
  await whenConnected(api, data.instanceId)
  return { data, api, ownPhone, contactPhone, isNew }
}
