import type { LinkedDevice, Phone, Simulator } from '#simulator/api.ts'
import { baileysClient } from './baileys-client.ts'
import type { BaileysClient } from './baileys-client.ts'

/** Pairs a new Baileys with a phone by QR, logs it in, and waits until it is open and the phone's greeting has arrived. */
export async function pairedClient(
  simulator: Simulator,
  phone: Phone,
): Promise<{ client: BaileysClient; device: LinkedDevice }> {
  const client = baileysClient(simulator)
  client.connect()
  const device = await phone.scan(await client.qr())
  await client.closed()
  client.connect()
  await client.open()
  await client.synchronised()
  await quietQueue(simulator, phone, device.deviceId)
  return { client, device }
}

/** Resolves when nothing waits for this device any more. */
export async function quietQueue(simulator: Simulator, phone: Phone, deviceId: number): Promise<void> {
  await simulator.waitForConnection(
    (connection) =>
      connection.phoneNumber === phone.phoneNumber &&
      connection.deviceId === deviceId &&
      connection.state === 'active' &&
      connection.queued === 0,
  )
}
