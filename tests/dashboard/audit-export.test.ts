import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'

describeInChromium('export of the audit log', (chromium) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
    // More than one piece of the stream.
    for (let index = 0; index < 620; index++) {
      await dashboard.edge.seed.insert('auditLogs', {
        id: newId('auditEntry'),
        action: index < 600 ? 'customer.create' : 'customer.delete',
        adminId: null,
        target: `=target ${index}`,
        requestId: newId('request'),
        details: { note: 'two\nlines, "quoted"' },
      })
    }
  })
  afterAll(() => dashboard?.close())

  test('a failure says so and is tried again; then the file has exactly what the filters let through', async () => {
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    const address = '**/audit-logs/export*'
    await page.route(address, (route) => route.abort())
    await page.goto('/audit?action=customer.create')
    await page.getByText('of 600').waitFor()
    await page.getByRole('button', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The service cannot be reached.').waitFor()
    await page.unroute(address)
    const downloading = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Try again' }).click()
    const file = await downloading
    expect(file.suggestedFilename()).toMatch(/^audit-log-[\dT-]+Z\.csv$/)
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
    expect(lines[0]).toMatch(/^id,occurred_at,/)
    expect(lines).toHaveLength(601)
    expect(lines.slice(1).every((line) => line.includes('customer.create') && line.includes(`'=target`))).toBe(true)
    await page.getByText('600 entries are exported.').waitFor()
    await dialog.waitFor({ state: 'detached' })
    expect(visitor.complaints.filter((text) => !text.includes('ERR_FAILED'))).toEqual([])
    await visitor.close()
  })

  test('while it goes on it can be cancelled, and nothing is saved', async () => {
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    const saved: unknown[] = []
    page.on('download', (file) => saved.push(file))
    const held = new Promise<void>((resolve) => {
      void page.route('**/audit-logs/export*', async (route) => {
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await route.fulfill({ status: 200, contentType: 'text/csv', body: 'id\r\n1\r\n' }).catch(() => undefined)
        resolve()
      })
    })
    await page.goto('/audit')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('progressbar', { name: 'Progress of the export' }).waitFor()
    await page.getByText(/^0 of about 6\d\d entries$/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await held
    await page.getByRole('heading', { name: 'Audit log' }).waitFor()
    expect(saved).toEqual([])
    await visitor.close()
  })
})
