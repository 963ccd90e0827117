import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import * as account from '#contracts/http/account.ts'
import * as adminAuth from '#contracts/http/admin-auth.ts'
import * as admins from '#contracts/http/admins.ts'
import * as alerts from '#contracts/http/alerts.ts'
import * as apiKeys from '#contracts/http/api-keys.ts'
import * as customerWebhooks from '#contracts/http/customer-webhooks.ts'
import * as customers from '#contracts/http/customers.ts'
import * as enrollment from '#contracts/http/enrollment.ts'
import * as events from '#contracts/http/events.ts'
import * as fleetInstances from '#contracts/http/fleet-instances.ts'
import * as fleetMessages from '#contracts/http/fleet-messages.ts'
import * as fleetPairing from '#contracts/http/fleet-pairing.ts'
import * as instances from '#contracts/http/instances.ts'
import * as messages from '#contracts/http/messages.ts'
import * as pairing from '#contracts/http/pairing.ts'
import * as metrics from '#contracts/http/metrics.ts'
import * as serverMetrics from '#contracts/http/server-metrics.ts'
import * as serverRegistry from '#contracts/http/server-registry.ts'
import * as servers from '#contracts/http/servers.ts'
import * as service from '#contracts/http/service.ts'
import * as usage from '#contracts/http/usage.ts'
import * as webhooks from '#contracts/http/webhooks.ts'
import type { Contract } from '#contracts/http/contract.ts'
import { probedRoutes } from '#edge/testing/route-probes.ts'
import { routeTable } from './route-table.ts'

const modules = [
  account,
  adminAuth,
  admins,
  alerts,
  apiKeys,
  customerWebhooks,
  customers,
  enrollment,
  events,
  fleetInstances,
  fleetMessages,
  fleetPairing,
  instances,
  messages,
  pairing,
  metrics,
  serverMetrics,
  serverRegistry,
  servers,
  service,
  usage,
  webhooks,
]

it('serves every contract once', () => {
  const contracts = modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) => (name.endsWith('Contract') ? [value] : [])),
  )
  expect(new Set(routeTable.map(({ contract }) => contract))).toEqual(new Set(contracts))
  expect(routeTable).toHaveLength(contracts.length)
})

it('names each operation as its contract is named', () => {
  for (const [name, value] of modules.flatMap((module) => Object.entries(module))) {
    if (name.endsWith('Contract')) expect(`${(value as Contract).id}Contract`).toBe(name)
  }
})

it('knows every contract file', () => {
  const files = readdirSync('contracts/http').filter((file) => !['contract.ts', 'message-view.ts'].includes(file))
  expect(files).toHaveLength(modules.length)
})

it('has a line for every route file', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && path.dirname(file) !== '.',
  )
  const routes = files.filter((file) =>
    readFileSync(path.join(import.meta.dirname, file), 'utf8').includes('defineRoute({'),
  )
  expect(routes).toHaveLength(routeTable.length)
})

const posts = routeTable.flatMap(({ contract, policy }) =>
  contract.method === 'POST' && policy.auth === 'api-key' ? [{ contract, idempotent: policy.idempotent }] : [],
)

it('repeats every request that creates or sends by its Idempotency-Key; these do neither', () => {
  const byNature = posts.filter(({ idempotent }) => idempotent === 'by-nature').map(({ contract }) => contract.id)
  expect(byNature.toSorted()).toEqual([
    'cancelMessage',
    'createPairingLink',
    'logoutInstance',
    'requestPairingCode',
    'restartInstance',
    'startInstance',
    'stopInstance',
  ])
})

it.each(posts)('documents the key where it counts: $contract.id', ({ contract, idempotent }) => {
  const counts = idempotent !== undefined && idempotent !== 'by-nature'
  expect('idempotency-key' in (contract.headers?.shape ?? {})).toBe(counts)
  expect('idempotent-replayed' in (contract.answerHeaders?.shape ?? {})).toBe(counts)
  expect(contract.errors.includes('IDEMPOTENCY_MISMATCH')).toBe(counts)
})

it('asks for a key or an admin on every route but the service’s own, the log-in and the enrollment of workers', () => {
  const open = routeTable.filter(({ policy }) => policy.auth === 'none').map(({ contract }) => contract.path)
  expect(open.toSorted()).toEqual([
    '/.well-known/jwks.json',
    '/api/admin/auth/login',
    '/docs',
    '/health',
    '/internal/enroll',
    '/openapi.json',
  ])
})

it('has a probe for each route and none too many, for the suite that calls every route in workerd', () => {
  expect(probedRoutes.toSorted()).toEqual(
    routeTable.map(({ contract }) => `${contract.method} ${contract.path}`).toSorted(),
  )
})
