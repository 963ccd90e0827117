import { newId } from '#contracts/ids.ts'
import type { StoredApiKey } from '#core/ports/api-keys.ts'
import { newApiKey } from '#core/rules/api-key.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import { proveKey } from '#core/verbs/keys/prove-key.ts'
import { bcryptKeyHash } from '#edge/adapters/key-hash.ts'
import { createProvenKeyMemory, type ProvenKeyMemory } from '#edge/adapters/proven-keys.ts'
import { presentedKey } from '#edge/middleware/presented-key.ts'

// Runs in workerd: `/none`, `/remembered` or `/proven` with `?times=N` looks so many times at a request's key: not at all,
// as one that the isolate remembers, or by the slow hash of the database's row.

/** What the worker looks at; made by the first request, since nothing random may be made before. */
interface Subject {
  key: string
  owner: Pick<StoredApiKey, 'keyId' | 'customerId' | 'plan' | 'limitOverrides'>
  secretHash: string
  remembered: ProvenKeyMemory
}

let made: Promise<Subject> | undefined

async function makeSubject(): Promise<Subject> {
  const { key } = newApiKey('live')
  const keySha256 = await sha256Hex(key)
  const owner = { keyId: newId('apiKey'), customerId: newId('customer'), plan: 'pro' as const, limitOverrides: {} }
  const remembered = createProvenKeyMemory()
  remembered.set(keySha256, owner)
  return { key, owner, secretHash: bcryptKeyHash.hash(keySha256), remembered }
}

function servicesOf({ owner, secretHash }: Subject, memory: ProvenKeyMemory): Parameters<typeof proveKey>[0] {
  return {
    apiKeys: {
      findByPublicId: async () => ({ ...owner, secretHash }),
      standing: async () => undefined,
      recordUse: async () => {},
    },
    provenKeys: {
      peek: (sha256) => memory.get(sha256),
      recall: async (sha256) => memory.get(sha256),
      remember: async () => {},
    },
    keyHash: bcryptKeyHash,
    exceptions: { testKeys: false, loopbackWebhooks: false },
    background: { run: () => {}, sleep: async () => {} },
  }
}

const benchmarkWorker = {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const subject = await (made ??= makeSubject())
    const services = servicesOf(subject, pathname === '/proven' ? createProvenKeyMemory() : subject.remembered)
    let seen = 0
    for (let n = Number(searchParams.get('times')); n > 0; n -= 1) {
      const asked = new Request('https://api.example.com/api/v1/me', { headers: { 'x-api-key': subject.key } })
      const presented = presentedKey((name) => asked.headers.get(name) ?? undefined)
      if (pathname !== '/none') await proveKey(services, presented, '192.0.2.7')
      if (presented === subject.key) seen += 1
    }
    return Response.json({ seen })
  },
}

export default benchmarkWorker
