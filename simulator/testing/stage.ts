import { afterAll, afterEach, beforeAll } from 'vitest'
import type { LinkedDevice, MakePhoneOptions, Phone, Simulator, SimulatorOptions } from '#simulator/api.ts'
import { startSimulator } from '#simulator/start-simulator.ts'
import { baileysClient } from './baileys-client.ts'
import type { BaileysClient } from './baileys-client.ts'
import { pairedClient } from './pair.ts'

/** One simulator for the tests of a file, and clients that are stopped after each test. */
export interface Stage {
  readonly simulator: Simulator
  /** A Baileys that has not connected yet. */
  client(): BaileysClient
  /** A phone with a Baileys that is paired, logged in and idle. */
  linked(options?: MakePhoneOptions): Promise<{ phone: Phone; client: BaileysClient; device: LinkedDevice }>
  /** Another Baileys for a phone that has one. */
  linkedTo(phone: Phone): Promise<{ client: BaileysClient; device: LinkedDevice }>
}

/** Call at the top of a test file. */
export function useStage(options: SimulatorOptions = {}): Stage {
  const clients: BaileysClient[] = []
  let simulator: Simulator | undefined
  const running = (): Simulator => {
    if (!simulator) throw new Error('The simulator has not started yet.')
    return simulator
  }
  beforeAll(async () => {
    simulator = await startSimulator(options)
  })
  afterEach(async () => {
    running().faults.clear()
    await Promise.all(clients.splice(0).map((client) => client.stop()))
  })
  afterAll(async () => await running().stop())

  const linkedTo: Stage['linkedTo'] = async (phone) => {
    const linked = await pairedClient(running(), phone)
    clients.push(linked.client)
    return linked
  }
  return {
    get simulator() {
      return running()
    },
    client: () => {
      const client = baileysClient(running())
      clients.push(client)
      return client
    },
    linked: async (phoneOptions) => {
      const phone = await running().makePhone(phoneOptions)
      return { phone, ...(await linkedTo(phone)) }
    },
    linkedTo,
  }
}
