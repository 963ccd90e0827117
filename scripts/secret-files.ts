import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '#db/config/variables.ts'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { edgeSecrets, parseConfig } from '#edge/config.ts'
import { newSigningKey } from '#local/new-signing-key.ts'
import { UserError } from '#local/user-error.ts'

const optionalSecrets = ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET']

/**
 * Makes the secrets of one environment: `edge.json` for the edge, `vault.yml` for the workers' playbooks. What only other
 * services can tell is left empty in them. Files that exist are never overwritten. Returns their names. Throws UserError.
 */
export async function writeNewSecrets(folder: string): Promise<string[]> {
  const webhookKeyRing = newKeyRingSpec()
  const edge: Record<(typeof edgeSecrets)[number], string> = {
    DATABASE_URL: '',
    UPSTASH_REDIS_REST_URL: '',
    UPSTASH_REDIS_REST_TOKEN: '',
    WEBHOOK_KEY_RING: webhookKeyRing,
    SERVICE_TOKEN_KEY: JSON.stringify(await newSigningKey('service')),
    ADMIN_TOKEN_KEY: JSON.stringify(await newSigningKey('admin')),
    ADMIN_KEY_RING: newKeyRingSpec(),
  }
  const vault = [
    '# The database in the role of the workers, and the password of the admin that the playbooks act as.',
    "worker_database_url: ''",
    "control_plane_password: ''",
    `worker_session_key_ring: '${newKeyRingSpec()}'`,
    `worker_webhook_key_ring: '${webhookKeyRing}'`,
  ]
  const files = { 'edge.json': JSON.stringify(edge, null, 2), 'vault.yml': vault.join('\n') }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const written: string[] = []
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name)
    await writeOnce(file, `${text}\n`)
    written.push(file)
  }
  return written
}

async function writeOnce(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new UserError(
      `${file} exists already: it may hold the only copy of keys in use, so it is not overwritten. Name another folder.`,
      { cause: error },
    )
  }
}

/** Says by a UserError what the edge would refuse in such a file, without showing a value. */
export async function checkEdgeSecrets(file: string): Promise<void> {
  const secrets = await readSecrets(file)
  const unknown = Object.keys(secrets).filter((name) => ![...edgeSecrets, ...optionalSecrets].includes(name))
  if (unknown.length > 0)
    throw new UserError(`${file} has ${unknown.join(', ')}, which the edge does not use: take it out.`)
  try {
    parseConfig({ ...secrets, VERSION: 'any' })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new UserError(`${file}: ${error.message} Nothing was sent.`, { cause: error })
  }
}

async function readSecrets(file: string): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new UserError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error })
  }
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  } catch {
    // The parser's own message would show a piece of the file.
  }
  throw new UserError(`${file} is not a JSON object of secrets: names and texts in quotes, commas between them.`)
}
