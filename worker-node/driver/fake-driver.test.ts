import type { Disconnection } from '#worker-node/testing/driver-world.ts'
import { driverConformance } from '#worker-node/testing/driver-conformance.ts'
import { createMemorySessions } from '#worker-node/testing/memory-sessions.ts'
import { decodePlaintext } from './baileys/decode-plaintext.ts'
import { createFakeWhatsApp } from './fake-driver.ts'

const kindOf = { drop: 'connection-lost', '503': 'unavailable', replaced: 'replaced' } as const

driverConformance(
  'the fake driver',
  async () => {
    const sessions = createMemorySessions()
    const fake = createFakeWhatsApp(sessions.keys)
    return {
      ...sessions,
      ...fake,
      makePhone: async () => fake.makePhone(),
      disconnect: (phone, how: Disconnection) => fake.disconnect(phone, kindOf[how]),
      stop: async () => {},
    }
  },
  decodePlaintext,
)
