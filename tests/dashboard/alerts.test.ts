import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AlertKind } from '#contracts/alerts.ts'
import { newId } from '#contracts/ids.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'

describeInChromium('alerts in the dashboard', (chromium) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
  })
  afterAll(() => dashboard?.close())

  const open = (kind: AlertKind, subject: string, values: object = {}) =>
    dashboard.edge.seed.insert('alerts', { id: newId('alert'), kind, subject, details: {}, ...values })

  test('one is acknowledged, another resolved; lists, count and links follow', async () => {
    const { seed } = dashboard.edge
    const serverId = await seedServer(seed, { name: 'sao-paulo-1' })
    const customerId = await seedCustomer(seed, { name: 'Padaria' })
    const details = { name: 'sao-paulo-1', note: '<img src=x onerror="window.ran=1">' }
    await open('server-down', serverId, { details })
    await open('quota-nearly-used', customerId, { customerId })
    await open('redis-away', 'redis', { resolvedAt: new Date() })

    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto('/')
    await page.getByRole('link', { name: 'Alerts 2 open' }).click()
    const rows = page.getByRole('region', { name: 'Alerts' }).getByRole('row')
    const down = rows.filter({ hasText: 'Server down' })
    const quota = rows.filter({ hasText: 'Quota nearly used' })
    await down.getByText('Critical').waitFor()
    await down.getByText('<img src=x').waitFor()
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(await rows.count()).toBe(3)

    await down.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('Server down is acknowledged; it resolves by itself').waitFor()
    await down.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Alerts 1 open' }).waitFor()
    await quota.getByRole('button', { name: 'Resolve' }).click()
    await page.getByRole('dialog').getByText('the next minute opens a new alert').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
    await page.getByText('Nothing waits for anybody.').waitFor()
    await page.getByRole('link', { name: 'Alerts', exact: true }).waitFor()

    const state = page.getByRole('group', { name: 'State' })
    await state.getByRole('button', { name: 'Acknowledged' }).click()
    await down.getByText('by you').waitFor()
    await state.getByRole('button', { name: 'All' }).click()
    await quota.getByText('by you').waitFor()
    await rows.filter({ hasText: 'Redis away' }).getByText('by itself').waitFor()
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('server-down')
    await quota.waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('?state=all&kind=server-down')
    await down.getByRole('link', { name: 'sao-paulo-1' }).click()
    await page.getByRole('heading', { name: 'sao-paulo-1' }).waitFor()
    const actions = (await seed.rows('auditLogs')).map(({ action }) => action)
    expect(actions.filter((action) => action.startsWith('alert.')).toSorted()).toEqual([
      'alert.acknowledge',
      'alert.resolve',
    ])
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a viewer sees them and is offered no change; a refused change says why', async () => {
    const { id } = await open('redis-away', 'redis')
    const viewer = await dashboard.visitAs('viewer')
    await viewer.page.goto('/alerts')
    await viewer.page.getByRole('cell').getByText('Redis away').waitFor()
    expect(await viewer.page.getByRole('table').getByRole('button').count()).toBe(0)
    await viewer.close()

    const admin = await dashboard.visitAs('admin')
    await admin.page.route(`**/alerts/${id}/acknowledge`, (route) => route.abort())
    await admin.page.goto('/alerts')
    await admin.page.getByRole('button', { name: 'Acknowledge', exact: true }).click()
    await admin.page.getByText('The service cannot be reached.').waitFor()
    await admin.page.unroute(`**/alerts/${id}/acknowledge`)
    await admin.page.getByRole('button', { name: 'Acknowledge', exact: true }).click()
    await admin.page.getByText('Redis away is acknowledged').waitFor()
    await admin.close()
  })

  test('one about an instance leads there, and to its customer', async () => {
    const { seed } = dashboard.edge
    const customerId = await seedCustomer(seed, { name: 'Livraria' })
    const serverId = await seedServer(seed, { incarnation: 'run-of-alerts' })
    const instanceId = await seedInstance(seed, { customerId, serverId }, { name: 'book shop' })
    await open('instance-logged-out', instanceId, { customerId })
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    await page.goto('/alerts')
    await page.getByRole('link', { name: instanceId }).click()
    await page.getByRole('heading', { name: 'book shop' }).waitFor()
    await page.goBack()
    await page.getByRole('link', { name: 'The customer' }).click()
    await page.getByRole('heading', { name: 'Livraria' }).waitFor()
    await page.goto('/')
    await page.getByRole('main').getByRole('link', { name: 'Connected', exact: true }).click()
    await page.waitForURL('**/instances?state=connected')
    await page.getByRole('link', { name: 'book shop' }).waitFor()
    await visitor.close()
  })
})
