import { driverConformance } from '#worker-node/testing/driver-conformance.ts'
import { makeBaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { decodePlaintext } from './decode-plaintext.ts'

driverConformance('Baileys against the simulator', () => makeBaileysWorld(), decodePlaintext)
