import { generateKeyPairSync } from 'node:crypto'
import { availableParallelism, totalmem } from 'node:os'
import { failureSchema } from '#contracts/envelope.ts'
import { enrolledSchema } from '#contracts/http/enrollment.ts'
import { largestServer } from '#contracts/server-figures.ts'
import { ConfigError } from '#db/config/variables.ts'
import { version } from '#worker-node/version.ts'
import { reserveIdentity, type WorkerIdentity } from './identity.ts'

const timeoutMs = 10_000
const bytesPerGb = 1024 ** 3

/**
 * Makes a key pair, registers its public half at the edge by a token that works once, and keeps the rest in the data
 * folder. Throws ConfigError with one sentence; the token is then still good, unless the sentence says otherwise.
 */
export async function enroll(
  token: string,
  { edgeUrl, dataDir }: { edgeUrl: string; dataDir: string },
): Promise<WorkerIdentity> {
  const place = await reserveIdentity(dataDir)
  try {
    const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as WorkerIdentity['private_key']
    const { server_id, url } = await register(edgeUrl, { token, public_key: key.x, version, ...figures() })
    const identity = { server_id, url, edge_url: edgeUrl, private_key: key }
    await place.keep(identity)
    return identity
  } catch (error) {
    await place.giveUp()
    throw error
  }
}

function figures() {
  const { cpuCores, ramGb } = largestServer
  return {
    cpu_cores: Math.min(availableParallelism(), cpuCores),
    ram_gb: Math.min(Math.max(1, Math.round(totalmem() / bytesPerGb)), ramGb),
  }
}

async function register(edgeUrl: string, body: object) {
  const answer = await post(new URL('/internal/enroll', edgeUrl), JSON.stringify(body))
  const enrolled = enrolledSchema.safeParse(answer)
  if (enrolled.success) return enrolled.data.data
  const refusal = failureSchema.safeParse(answer)
  if (!refusal.success) throw new ConfigError(`${edgeUrl} is no edge of Wharf: check the address after --edge.`)
  const { message, details } = refusal.data.error
  const problem = Object.entries(details ?? {})[0]
  throw new ConfigError(problem === undefined ? message : `${message} (${problem.join(' ')})`)
}

async function post(url: URL, body: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      // A redirect would carry the token elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    return parse(text)
  } catch {
    throw new ConfigError(`${url.origin} does not answer: check the address after --edge, and the network.`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
