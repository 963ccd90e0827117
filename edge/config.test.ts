import { beforeAll, describe, expect, it } from 'vitest'
import { ConfigError, type Variables } from '#db/config/variables.ts'
import { newWebhookSecret } from '#core/rules/webhook-secret.ts'
import { edgeSecrets, parseConfig } from './config.ts'
import { newSigningKey } from './testing/test-config.ts'

let good: Variables
beforeAll(async () => {
  good = {
    VERSION: '1.2.3',
    DATABASE_URL: 'postgres://user:canary@db.example/wharf',
    UPSTASH_REDIS_REST_URL: 'https://redis.example',
    UPSTASH_REDIS_REST_TOKEN: 'token',
    WEBHOOK_KEY_RING: `k1:${btoa('x'.repeat(32))}`,
    SERVICE_TOKEN_KEY: JSON.stringify(await newSigningKey()),
    ADMIN_TOKEN_KEY: JSON.stringify(await newSigningKey('admin-key')),
    ADMIN_KEY_RING: `k1:${btoa('y'.repeat(32))}`,
  }
})

it('reads all bindings', () => {
  expect(parseConfig(good)).toMatchObject({
    version: '1.2.3',
    redis: { url: 'https://redis.example', token: 'token' },
    serviceTokenKey: { kty: 'OKP', crv: 'Ed25519', kid: 'test-key' },
    adminTokenKey: { kid: 'admin-key' },
    alertWebhook: undefined,
    dashboardOrigin: undefined,
  })
})

it('reads where alerts are told, and wants its secret too', () => {
  const url = 'https://ops.example.com/alerts'
  const secret = newWebhookSecret()
  const told = { ...good, ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret }
  expect(parseConfig(told).alertWebhook).toEqual({ url, secret })
  const without = (name: string) => () => parseConfig({ ...told, [name]: undefined })
  expect(without('ALERT_WEBHOOK_SECRET')).toThrow('ALERT_WEBHOOK_SECRET is not set.')
  expect(without('ALERT_WEBHOOK_URL')).toThrow('ALERT_WEBHOOK_URL is not set.')
})

it.each(['VERSION', ...edgeSecrets])('says when %s is missing or empty', (name) => {
  expect(() => parseConfig({ ...good, [name]: undefined })).toThrow(new ConfigError(`${name} is not set.`))
  expect(() => parseConfig({ ...good, [name]: '' })).toThrow(new ConfigError(`${name} is not set.`))
})

describe('says what is wrong with a value without showing it', () => {
  it.each([
    ['DATABASE_URL', 'mysql://canary', 'DATABASE_URL is not a URL that begins with postgres:// or postgresql://.'],
    ['UPSTASH_REDIS_REST_URL', 'canary', 'UPSTASH_REDIS_REST_URL is not a URL that begins with https:// or http://.'],
    ['WEBHOOK_KEY_RING', 'k1:canary', /^WEBHOOK_KEY_RING is not a key ring: /],
    ['SERVICE_TOKEN_KEY', 'canary', 'SERVICE_TOKEN_KEY is not a private Ed25519 key as a JWK with a kid.'],
    ['ALERT_WEBHOOK_URL', 'canary', 'ALERT_WEBHOOK_URL is not a URL that begins with https:// or http://.'],
    ['ADMIN_TOKEN_KEY', 'canary', 'ADMIN_TOKEN_KEY is not a private Ed25519 key as a JWK with a kid.'],
    [
      'DASHBOARD_ORIGIN',
      'https://canary.example/page',
      'DASHBOARD_ORIGIN is not an origin such as https://app.example.com.',
    ],
    ['SERVICE_TOKEN_KEY', '{"kty":"RSA","d":"canary"}', /is not a private Ed25519 key/],
    ['SERVICE_TOKEN_KEY', '{"kty":"OKP","crv":"Ed25519","x":"canary"}', /is not a private Ed25519 key/],
  ])('%s of %s', (name, value, sentence) => {
    expect(() => parseConfig({ ...good, [name]: value })).toThrow(sentence)
    expect(() => parseConfig({ ...good, [name]: value })).not.toThrow(/canary/)
  })
})

it('refuses one key for workers and admins', () => {
  expect(() => parseConfig({ ...good, ADMIN_TOKEN_KEY: good['SERVICE_TOKEN_KEY'] })).toThrow(
    new ConfigError('ADMIN_TOKEN_KEY must be another key than SERVICE_TOKEN_KEY.'),
  )
})
