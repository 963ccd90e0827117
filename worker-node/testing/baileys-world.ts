import type { Phone, Simulator } from '#simulator/api.ts'
import { startSimulator } from '#simulator/start-simulator.ts'
import { createBaileysDriver } from '#worker-node/driver/baileys/baileys-driver.ts'
import type { BaileysDriverOptions } from '#worker-node/driver/baileys/driver-options.ts'
import { silentLog } from '#worker-node/log.ts'
import type { DriverWorld, TestPhone } from './driver-world.ts'
import { createMemorySessions } from './memory-sessions.ts'

export interface BaileysWorld extends DriverWorld {
  simulator: Simulator
  sessions: ReturnType<typeof createMemorySessions>
  makePhone(): Promise<TestPhone & { simulated: Phone }>
}

/** The Baileys driver, a simulator of its own, and keys in memory. */
export async function makeBaileysWorld({
  sessions = createMemorySessions(),
  ...options
}: Partial<BaileysDriverOptions> & { sessions?: ReturnType<typeof createMemorySessions> } = {}): Promise<BaileysWorld> {
  const simulator = await startSimulator()
  const driver = createBaileysDriver({
    keys: sessions.keys,
    findSent: async () => undefined,
    log: silentLog,
    endpoint: { url: simulator.url, rootPublicKey: simulator.rootPublicKey },
    ...options,
  })
  return {
    ...sessions,
    sessions,
    simulator,
    driver,
    makePhone: async () => testPhone(await simulator.makePhone(), simulator),
    disconnect: ({ phoneNumber }, how) => simulator.disconnect({ phoneNumber }, how),
    loseNextAck({ phoneNumber }) {
      simulator.faults.add({ action: { kind: 'close-before-ack' }, phoneNumber, times: 1 })
    },
    refuseNext({ phoneNumber }, code) {
      simulator.faults.add({ action: { kind: 'refuse', code }, phoneNumber, times: 1 })
    },
    stop: () => simulator.stop(),
  }
}

function testPhone(phone: Phone, simulator: Simulator): TestPhone & { simulated: Phone } {
  const jidOf = (phoneNumber: string) => `${phoneNumber.slice(1)}@s.whatsapp.net`
  return {
    simulated: phone,
    phoneNumber: phone.phoneNumber,
    scan: (qr) => phone.scan(qr),
    enterCode: (code) => phone.enterCode(code),
    sendText: (to, body) => phone.sendText(to, body),
    delivered: (id) =>
      phone.waitForStatus(id, ({ chat, deliveredTo }) => {
        const recipient = simulator.phones().find(({ jid }) => jid === chat)
        return deliveredTo.length > (recipient?.devices().length ?? 0)
      }),
    shown: (chat) => phone.shown(jidOf(chat)),
    waitForShown: (id) => phone.waitForMessage((message) => message.id === id),
    markRead: (chat) => phone.markRead(jidOf(chat)),
    unlinkAll: () => Promise.all(phone.devices().map(({ deviceId }) => phone.removeDevice(deviceId))),
  }
}
