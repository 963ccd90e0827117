import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseConfig } from '#edge/config.ts'
import { checkEdgeSecrets, writeNewSecrets } from './secret-files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-secrets-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const addresses = {
  DATABASE_URL: 'postgres://edge:canary@db.example/wharf',
  UPSTASH_REDIS_REST_URL: 'https://redis.example',
  UPSTASH_REDIS_REST_TOKEN: 'canary',
}

async function newEdgeSecrets(): Promise<Record<string, string>> {
  const [edge = ''] = await writeNewSecrets(path.join(folder, 'new'))
  return JSON.parse(await readFile(edge, 'utf8')) as Record<string, string>
}

async function check(content: unknown): Promise<void> {
  const file = path.join(folder, 'edge.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  await checkEdgeSecrets(file)
}

describe('new secrets', () => {
  it('are a whole configuration of the edge, once the three addresses are filled in', async () => {
    const secrets = { ...(await newEdgeSecrets()), ...addresses }
    expect(parseConfig({ ...secrets, VERSION: '1' }).serviceTokenKey.kid).toMatch(/^service-/)
    await expect(check(secrets)).resolves.toBeUndefined()
  })

  it('share one ring with the workers, and keep that of the sessions from the edge', async () => {
    const [edge = '', vault = ''] = await writeNewSecrets(folder)
    const ring = (JSON.parse(await readFile(edge, 'utf8')) as Record<string, string>)['WEBHOOK_KEY_RING']!
    const text = await readFile(vault, 'utf8')
    expect(text).toContain(`worker_webhook_key_ring: '${ring}'`)
    const sessions = /worker_session_key_ring: '(.+)'/.exec(text)?.[1] ?? ''
    expect(sessions).toMatch(/^k1:/)
    expect(await readFile(edge, 'utf8')).not.toContain(sessions)
  })

  it('are for their owner alone, and never replace others', async () => {
    const files = await writeNewSecrets(folder)
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600)
    const before = await readFile(files[0]!, 'utf8')
    await expect(writeNewSecrets(folder)).rejects.toThrow(/edge\.json exists already: .* Name another folder\.$/)
    expect(await readFile(files[0]!, 'utf8')).toBe(before)
  })
})

describe('a file of the edge’s secrets is refused, without showing a value,', () => {
  it('while an address is empty or wrong', async () => {
    const secrets = await newEdgeSecrets()
    await expect(check(secrets)).rejects.toThrow('DATABASE_URL is not set. Nothing was sent.')
    await expect(check({ ...secrets, ...addresses, DATABASE_URL: 'canary' })).rejects.toThrow(
      /^(?!.*canary).*postgres:/,
    )
  })

  it('with a secret that is not the edge’s', async () => {
    const secrets = { ...(await newEdgeSecrets()), ...addresses, SESSION_KEY_RING: 'canary' }
    await expect(check(secrets)).rejects.toThrow(/has SESSION_KEY_RING, which the edge does not use/)
  })

  it.each(['', 'canary', '["canary"]', '{"DATABASE_URL": canary}'])('when it is no object: %s', async (text) => {
    await expect(check(text)).rejects.toThrow(/^(?!.*canary).*is not a JSON object of secrets/)
  })

  it('when it is not there', async () => {
    await expect(checkEdgeSecrets(path.join(folder, 'none.json'))).rejects.toThrow('cannot be read (ENOENT)')
  })
})
