import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { createApiClient } from '#local/client/api-client.ts'
import { pairByCode, whenConnected } from '#local/demo/pair-instance.ts'
import { createCustomer } from '#local/stack/create-customer.ts'
import type { Stack } from '#local/stack/start-stack.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone } from '#simulator/api.ts'
import type { ApiAttempt } from '#tests/faults/history/histories.ts'
import { sendUntilAnswered } from '#tests/faults/traffic/api-sender.ts'

/** A customer's program that sends through several instances, one message after the other through each. */
export interface Sender {
  readonly instanceIds: readonly InstanceId[]
  /** Sends while `work` runs, and before and after it. Every message must be accepted, and be shown once. */
  during<T>(work: () => Promise<T>): Promise<{ value: T; messages: number }>
}

interface Line {
  instanceId: InstanceId
  contact: Phone
  accepted: string[]
}

/** A machine that is very busy loses its leases for a while; what is tried here is that nothing else is lost. */
const settleTimeoutMs = 180_000
const atLeast = 5
/** A shop, not a flood: what is tried is that none is lost, and the machines have other work. */
const pauseMs = 250

/** A customer with so many instances, each paired with a phone of its own. */
export async function startSender(stack: Stack, instances: number, signal: AbortSignal): Promise<Sender> {
  const simulator = stack.simulator!
  const { apiKey } = await createCustomer(stack.customers, { name: 'Shop', plan: 'enterprise' })
  const api = createApiClient(stack.url, apiKey)
  const lines: Line[] = []
  for (let index = 1; index <= instances; index += 1) {
    const { data } = await api.request<InstanceView>('POST', '/api/v1/instances', { body: { name: `shop-${index}` } })
    // The edge asks the worker for the code, through the machine's proxy.
    await pairByCode(api, data.id, await simulator.makePhone({ name: `Shop ${index}` }))
    await whenConnected(api, data.id)
    lines.push({ instanceId: data.id, contact: await simulator.makePhone({ name: `Contact ${index}` }), accepted: [] })
  }

  async function sendUntil(isOver: () => boolean, line: Line): Promise<void> {
    for (let count = 0; count < atLeast || !isOver(); count += 1) {
      signal.throwIfAborted()
      const body = `Message ${line.accepted.length + 1}`
      const order = {
        apiKey,
        instanceId: line.instanceId,
        to: line.contact.phoneNumber,
        key: crypto.randomUUID(),
        body,
      }
      const history: ApiAttempt[] = []
      const answer = await sendUntilAnswered(stack.url, order, { history, signal })
      signal.throwIfAborted()
      assert.equal(answer?.status, 202, `${line.instanceId} takes "${body}": ${JSON.stringify(history)}`)
      line.accepted.push(body)
      // The next one waits until the phone shows this one: what is lost is noticed here, by its text.
      await waitFor(() => shownBy(line).includes(body), { what: `"${body}" to be shown`, timeoutMs: settleTimeoutMs })
      await delay(pauseMs)
    }
  }

  return {
    instanceIds: lines.map(({ instanceId }) => instanceId),
    async during(work) {
      const before = countOf(lines)
      let over = false
      const sending = Promise.all(lines.map((line) => sendUntil(() => over, line)))
      try {
        const value = await Promise.race([work(), sending.then(() => Promise.reject(new Error('It sends no more.')))])
        over = true
        await sending
        for (const line of lines)
          assert.deepEqual(
            shownBy(line).toSorted(),
            line.accepted.toSorted(),
            `${line.instanceId}: each is shown once.`,
          )
        return { value, messages: countOf(lines) - before }
      } finally {
        over = true
        await sending.catch(() => {})
      }
    },
  }
}

function shownBy({ contact }: Line): string[] {
  return contact.shown().map(({ body }) => body)
}

function countOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { accepted }) => sum + accepted.length, 0)
}
