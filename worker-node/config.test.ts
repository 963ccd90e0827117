import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { ConfigError } from '#db/config/variables.ts'
import { environmentHelp, parseWorkerConfig } from './config.ts'

const complete = {
  DATABASE_URL: 'postgres://wharf:secret@db.example/wharf',
  SERVER_ID: newId('server'),
  EDGE_JWKS_URL: 'https://api.example/.well-known/jwks.json',
  SESSION_KEY_RING: newKeyRingSpec(),
  WEBHOOK_KEY_RING: newKeyRingSpec(),
}

function sentenceFor(changes: Record<string, string | undefined>): string {
  try {
    parseWorkerConfig({ ...complete, ...changes })
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('It was accepted.')
}

describe('the environment of a worker', () => {
  it('needs five variables; the rest has defaults', () => {
    expect(parseWorkerConfig(complete)).toMatchObject({
      host: '127.0.0.1',
      port: 8081,
      logLevel: 'info',
      dataDir: '.wharf/worker',
    })
    expect(parseWorkerConfig({ ...complete, DATA_DIR: '/var/lib/wharf' }).dataDir).toBe('/var/lib/wharf')
  })

  it('opens metrics only when it names a port for them, and then on this machine alone', () => {
    expect(parseWorkerConfig(complete)).not.toHaveProperty('metrics')
    expect(parseWorkerConfig({ ...complete, METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 })
    const elsewhere = { ...complete, METRICS_PORT: '9464', METRICS_HOST: '10.0.0.5' }
    expect(parseWorkerConfig(elsewhere).metrics).toEqual({ host: '10.0.0.5', port: 9464 })
  })

  it('is described by --help, every variable of it', () => {
    for (const name of [
      ...Object.keys(complete),
      'HOST',
      'PORT',
      'LOG_LEVEL',
      'DATA_DIR',
      'METRICS_PORT',
      'METRICS_HOST',
    ])
      expect(environmentHelp).toContain(name)
  })

  it.each(Object.keys(complete))('%s must be set', (name) => {
    expect(sentenceFor({ [name]: undefined })).toBe(`${name} is not set.`)
    expect(sentenceFor({ [name]: '' })).toBe(`${name} is not set.`)
  })

  it.each([
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is not a URL that begins with postgres:// or postgresql://.'],
    [{ DATABASE_URL: 'nonsense' }, 'DATABASE_URL is not a URL that begins with postgres:// or postgresql://.'],
    [{ SERVER_ID: 'ins_1' }, 'SERVER_ID is not a server id such as srv_01h455vb4pex5vsknk084sn02q.'],
    [{ EDGE_JWKS_URL: 'ftp://x' }, 'EDGE_JWKS_URL is not a URL that begins with https:// or http://.'],
    [{ EDGE_JWKS_URL: 'http://api.example/' }, 'EDGE_JWKS_URL must begin with https:// unless it is on this machine.'],
    [{ PORT: '65536' }, 'PORT is not a port number from 0 to 65535.'],
    [{ PORT: '80a' }, 'PORT is not a port number from 0 to 65535.'],
    [{ METRICS_PORT: '-1' }, 'METRICS_PORT is not a port number from 0 to 65535.'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is not one of fatal, error, warn, info, debug, silent.'],
  ])('%o is refused in one sentence', (changes, sentence) => {
    expect(sentenceFor(changes)).toBe(sentence)
  })

  it('never repeats a secret that is wrong', () => {
    expect(sentenceFor({ SESSION_KEY_RING: 'k1:dG9wc2VjcmV0' })).not.toContain('dG9wc2VjcmV0')
    expect(sentenceFor({ SESSION_KEY_RING: 'topsecret' })).toMatch(/^SESSION_KEY_RING is not a key ring: /)
  })

  it('has no way to point a session anywhere but at WhatsApp', () => {
    const config = parseWorkerConfig({
      ...complete,
      WHATSAPP_URL: 'ws://127.0.0.1:1',
      WA_WEBSOCKET_URL: 'ws://127.0.0.1:1',
      WHATSAPP: 'ws://127.0.0.1:1',
      ALLOW_LOOPBACK_WEBHOOKS: '1',
    })
    expect(Object.keys(config).toSorted()).toEqual([
      'dataDir',
      'databaseUrl',
      'edgeJwksUrl',
      'host',
      'logLevel',
      'port',
      'serverId',
      'sessionKeyRing',
      'webhookKeyRing',
    ])
    expect(JSON.stringify(config)).not.toContain('ws://')
  })
})
