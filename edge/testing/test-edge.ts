import { hashSync } from 'bcryptjs'
import type { AdminTokens } from '#core/ports/admin-tokens.ts'
import type { PairingLinks } from '#core/ports/pairing-links.ts'
import type { WorkerAnswers, SeenCommand } from '#core/testing/fake-worker-gateway.ts'
import type { Seed } from '#core/testing/seed.ts'
import type { LogRecord } from '#edge/log.ts'

/** An edge to call, with what stands behind it: on fakes in this process, or in workerd with real neighbours. */
export interface TestEdge {
  /** `path` begins with a slash. */
  request(path: string, init?: RequestInit): Promise<Response>
  seed: Seed
  /** Address that servers in the registry must have. */
  workerUrl: string
  /** What the workers got, and what they answer: to be changed by tests. */
  worker: { seen: Pick<SeenCommand, 'command' | 'request'>[]; answers: WorkerAnswers }
  /** Signs and reads access tokens as this edge does. */
  adminTokens: AdminTokens
  /** Signs and reads the tokens of pairing links as this edge does. */
  pairingLinks: PairingLinks
  /** Lines of the canonical log so far. */
  log: LogRecord[]
  close(): Promise<void>
}

/** What the database keeps of a key in tests: bcrypt at its lowest cost, which verifies as any other. */
export function testKeyHash(keySha256: string): string {
  return hashSync(keySha256, 4)
}
