import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedLoggedInAdmin, type LoggedInAdmin } from './testing/seed-logged-in-admin.ts'
import type { TestEdge } from './testing/test-edge.ts'

let edge: TestEdge
let admin: LoggedInAdmin
beforeEach(async () => {
  edge = await openMemoryEdge()
  admin = await seedLoggedInAdmin(edge, 'admin')
})

const entry = (values: object = {}) =>
  edge.seed.insert('auditLogs', {
    id: newId('auditEntry'),
    adminId: admin.adminId,
    action: 'test.act',
    requestId: 'req_1',
    occurredAt: new Date('2026-01-31T12:00:00.123Z'),
    ...values,
  })

const exported = (query = '') =>
  edge.request(`/api/admin/audit-logs/export${query}`, { headers: { authorization: `Bearer ${admin.token}` } })
const linesOf = async (response: Response) => (await response.text()).split('\r\n')

describe('the export of the audit log', () => {
  it('is a file of CSV with a header, the newest entry first, moments in UTC', async () => {
    const { id } = await entry({ target: 'srv_1', address: '203.0.113.7', details: { role: 'viewer' } })
    const response = await exported('?action=test.act')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="audit-log-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.csv"$/,
    )
    expect(await linesOf(response)).toEqual([
      'id,occurred_at,admin_id,admin_email,action,target,customer_id,address,request_id,details',
      `${id},2026-01-31T12:00:00.123Z,${admin.adminId},${admin.adminId}@example.com,test.act,srv_1,,203.0.113.7,req_1,"{""role"":""viewer""}"`,
      '',
    ])
  })

  it('has every entry once, however many batches that takes', async () => {
    const ids: string[] = []
    for (let n = 0; n < 1_001; n++) ids.push((await entry()).id)
    const [, ...lines] = await linesOf(await exported('?action=test.act'))
    expect(lines.slice(0, -1).map((line) => line.split(',')[0])).toEqual(ids.toReversed())
  })

  it('is harmless in a spreadsheet', async () => {
    await entry({ target: '=HYPERLINK("http://evil.example")' })
    expect((await linesOf(await exported('?action=test.act')))[1]).toContain(`,"'=HYPERLINK(""http://evil.example"")",`)
  })

  it('filters as the list does', async () => {
    await entry({ target: 'srv_1' })
    const { id } = await entry({ target: 'srv_2' })
    await entry({ target: 'srv_2', occurredAt: new Date('2026-02-01T00:00:00Z') })
    const lines = await linesOf(await exported('?target=srv_2&to=2026-02-01T00:00:00Z'))
    expect(lines.slice(1, -1).map((line) => line.split(',')[0])).toEqual([id])
  })

  it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00%2B00:01', '9999-12-31T23:59:59-00:01'])(
    'refuses %s, a moment that the database cannot hold, as the list does',
    async (from) => {
      const headers = { authorization: `Bearer ${admin.token}` }
      for (const path of ['/api/admin/audit-logs', '/api/admin/audit-logs/export']) {
        const response = await edge.request(`${path}?from=${from}`, { headers })
        expect(response.status).toBe(400)
        expect(await response.json()).toMatchObject({
          error: { details: { from: 'must be in the years 1 to 9999 of UTC' } },
        })
      }
    },
  )

  it('takes moments at both ends of what the database holds', async () => {
    expect((await exported('?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z')).status).toBe(200)
  })

  it('is in the audit log itself, with its filters', async () => {
    await exported('?target=srv_1')
    expect(await edge.seed.rows('auditLogs', { action: 'audit.export' })).toMatchObject([
      { adminId: admin.adminId, details: { target: 'srv_1' } },
    ])
  })
})
