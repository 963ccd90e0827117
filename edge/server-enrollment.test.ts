import { beforeEach, expect, it } from 'vitest'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedLoggedInAdmin } from './testing/seed-logged-in-admin.ts'
import type { TestEdge } from './testing/test-edge.ts'

/** How a worker becomes a server of the registry. */

let edge: TestEdge
let token: string
beforeEach(async () => {
  edge = await openMemoryEdge()
  ;({ token } = await seedLoggedInAdmin(edge, 'admin'))
})

interface Shown {
  data: { id: string; token: string; enrollment: { token: string; command: string; expires_at: string } }
  error: { code: string; message: string }
}

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: Shown }> {
  const response = await edge.request(path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Shown }
}

const add = async () =>
  (
    await ask('POST', '/api/admin/servers', {
      name: 'sao-paulo-1',
      url: 'https://sao-paulo-1.example.com',
      region: 'sa-east',
      ip_address: '203.0.113.7',
      max_capacity: 50,
    })
  ).body.data

const enroll = (enrollmentToken: string) =>
  ask('POST', '/internal/enroll', {
    token: enrollmentToken,
    public_key: 'a'.repeat(43),
    version: '0.1.0',
    cpu_cores: 4,
    ram_gb: 8,
  })

it('shows a new server’s token once, within the command that uses it', async () => {
  const { id, enrollment } = await add()
  expect(enrollment.command).toBe(`npm run worker -- --enroll ${enrollment.token} --edge http://api.wharf.example`)
  expect(JSON.stringify(await ask('GET', `/api/admin/servers/${id}`))).not.toContain(enrollment.token)
  for (const table of ['serverEnrollments', 'auditLogs'] as const)
    expect(JSON.stringify(await edge.seed.rows(table))).not.toContain(enrollment.token)
})

it('makes a server active by its token, and tells what the worker said', async () => {
  const { id, enrollment } = await add()
  expect(await enroll(enrollment.token)).toEqual({
    status: 200,
    body: { success: true, data: { server_id: id, name: 'sao-paulo-1', url: 'https://sao-paulo-1.example.com' } },
  })
  expect(await ask('GET', `/api/admin/servers/${id}`)).toMatchObject({
    body: {
      data: { status: 'active', worker_version: '0.1.0', cpu_cores: 4, enrolled_at: expect.any(String) as string },
    },
  })
  const actions = (await edge.seed.rows('auditLogs', { target: id })).map(({ action, adminId }) => [
    action,
    adminId === null,
  ])
  expect(actions).toEqual([
    ['server.create', false],
    ['server.enroll', true],
  ])
})

it('refuses a token that was used, replaced or has expired, each in a sentence', async () => {
  const { id, enrollment } = await add()
  const refusal = async (presented: string) => {
    const { status, body } = await enroll(presented)
    return { status, code: body.error.code, message: body.error.message }
  }
  const refused = { status: 401, code: 'INVALID_ENROLLMENT_TOKEN' }
  const { body } = await ask('POST', `/api/admin/servers/${id}/enrollment-token`)
  const unknown = 'There is no such enrollment token: it was mistyped, or replaced by a newer one.'
  expect(await refusal(enrollment.token)).toEqual({ ...refused, message: unknown })
  await edge.seed.update('serverEnrollments', {}, { expiresAt: new Date(0) })
  const expired = 'This enrollment token has expired: make another one for this server.'
  expect(await refusal(body.data.token)).toEqual({ ...refused, message: expired })
  expect(await ask('GET', `/api/admin/servers/${id}`)).toMatchObject({
    body: {
      data: {
        status: 'provisioning',
        status_reason: 'No worker enrolled before the token expired. Make another one.',
      },
    },
  })
  const { body: third } = await ask('POST', `/api/admin/servers/${id}/enrollment-token`)
  expect((await enroll(third.data.token)).status).toBe(200)
  const used = 'This enrollment token was used already: make another one for this server.'
  expect(await refusal(third.data.token)).toEqual({ ...refused, message: used })
})
