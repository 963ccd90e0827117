import { expect, it } from 'vitest'
import { serverStatusSchema } from '#contracts/http/servers.ts'
import { statusesBefore } from './server-status.ts'

it.each([
  ['provisioning', []],
  ['active', ['provisioning', 'draining', 'maintenance', 'inactive', 'error']],
  // A server that has no sessions to hand over has nothing to drain.
  ['draining', ['active']],
  ['maintenance', ['active', 'draining', 'inactive', 'error']],
  ['inactive', ['provisioning', 'active', 'draining', 'maintenance', 'error']],
  ['error', ['provisioning', 'active', 'draining', 'maintenance', 'inactive']],
] as const)('lets a server become %s from %j only', (status, before) => {
  expect(statusesBefore(status)).toEqual(before)
})

it('keeps no server in a status for ever', () => {
  const statuses = serverStatusSchema.options
  const leads = new Set(statuses.flatMap((status) => statusesBefore(status)))
  expect([...leads].toSorted()).toEqual([...statuses].toSorted())
})
