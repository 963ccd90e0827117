import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { failure, success } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import { enrollWorkerContract } from '#contracts/http/enrollment.ts'
import { newId } from '#contracts/ids.ts'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { identityFile } from './identity.ts'
import { prepareWorker, readWorkerArguments } from './prepare-worker.ts'

const token = `wet_${'a'.repeat(43)}`
const serverId = newId('server')

let dataDir: string
let env: Record<string, string>
let edge: Server
let edgeUrl: string
let asked: unknown[]
let answer: object
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-enroll-'))
  env = {
    DATABASE_URL: 'postgres://wharf@db.example/wharf',
    SESSION_KEY_RING: newKeyRingSpec(),
    WEBHOOK_KEY_RING: newKeyRingSpec(),
    DATA_DIR: dataDir,
  }
  asked = []
  answer = success({ server_id: serverId, name: 'sao-paulo-1', url: 'https://w1.example' })
  edge = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      asked.push(JSON.parse(Buffer.concat(chunks as Buffer[]).toString()))
      response.end(JSON.stringify(answer))
    })
  }).listen(0, '127.0.0.1')
  await once(edge, 'listening')
  edgeUrl = `http://127.0.0.1:${(edge.address() as AddressInfo).port}`
})
afterEach(async () => {
  edge.close()
  await rm(dataDir, { recursive: true, force: true })
})

const enroll = (changes: Record<string, string> = {}) =>
  prepareWorker({ ...env, ...changes }, { help: false, enroll: { token, edgeUrl } })

it('enrolls once, keeps its key for itself, and then needs no token', async () => {
  const { config } = await enroll()
  expect(config).toMatchObject({ serverId, edgeJwksUrl: `${edgeUrl}/.well-known/jwks.json`, dataDir })
  const body = enrollWorkerContract.body.parse(asked[0])
  expect(body.token).toBe(token)
  expect((await stat(identityFile(dataDir))).mode & 0o777).toBe(0o600)
  const kept = JSON.parse(await readFile(identityFile(dataDir), 'utf8')) as { private_key: { x: string; d: string } }
  expect(kept.private_key.x).toBe(body.public_key)
  expect(JSON.stringify(asked)).not.toContain(kept.private_key.d)
  expect((await prepareWorker(env, { help: false })).config).toEqual(config)
  await expect(enroll()).rejects.toThrow(`This worker is enrolled as ${serverId} already: start it without --enroll`)
  expect(asked).toHaveLength(1)
})

it.each([
  [{ SESSION_KEY_RING: '' }, 'SESSION_KEY_RING is not set.'],
  [{ SERVER_ID: serverId }, 'SERVER_ID must not be set: the enrollment tells it.'],
  [{ EDGE_JWKS_URL: 'https://api.example/' }, 'EDGE_JWKS_URL must not be set: the enrollment tells it.'],
])('with %o it uses no token up', async (changes, sentence) => {
  await expect(enroll(changes)).rejects.toThrow(sentence)
  expect(asked).toEqual([])
})

it('that may not write its folder uses no token up', async () => {
  await writeFile(path.join(dataDir, 'file'), '')
  await expect(enroll({ DATA_DIR: path.join(dataDir, 'file', 'below') })).rejects.toThrow(
    /file\/below.* cannot be read/,
  )
  expect(asked).toEqual([])
})

it.each([
  [failure(new ApiError('INVALID_ENROLLMENT_TOKEN', 'This token was used.'), 'req_1'), 'This token was used.'],
  [
    failure(new ApiError('VALIDATION_ERROR', 'Wrong.', { details: { token: 'must be whole' } }), 'req_1'),
    'Wrong. (token must be whole)',
  ],
  [{ nonsense: true }, /is no edge of Wharf: check the address after --edge\.$/],
])('says in one sentence why it may not enroll, and leaves nothing behind', async (refusal, sentence) => {
  answer = refusal
  await expect(enroll()).rejects.toThrow(sentence)
  expect(await readdir(dataDir)).toEqual([])
})

it('says that nobody answers', async () => {
  edge.close()
  await once(edge, 'close')
  await expect(enroll()).rejects.toThrow(`${edgeUrl} does not answer`)
})

it('whose identity cannot be read is not started as somebody else', async () => {
  await writeFile(identityFile(dataDir), '{"server_id":')
  await expect(prepareWorker(env, { help: false })).rejects.toThrow(/identity\.json cannot be read: restore it/)
})

it.each([
  [['--enroll', token], '--enroll and --edge belong together.'],
  [['--edge', 'https://api.example'], '--enroll and --edge belong together.'],
  [
    ['--enroll', token, '--edge', 'http://api.example'],
    '--edge must begin with https:// unless it is on this machine.',
  ],
  [['--enroll', token, '--edge', 'https://api.example/api'], /^--edge must be an address such as/],
  [['--enroll-only'], '--enroll-only needs --enroll and --edge.'],
  [['--surprise'], /--surprise/],
])('refuses the arguments %j', (args, sentence) => {
  expect(() => readWorkerArguments(args)).toThrow(sentence)
})
