import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedCustomer, seedServer } from '#core/testing/seed.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { seedUsage } from './seed-usage.ts'

describeInChromium('usage in the dashboard', (chromium) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
  })
  afterAll(() => dashboard?.close())

  test('per plan, customer and server, of the days and in the order that the address tells', async () => {
    const { seed } = dashboard.edge
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    await page.goto('/usage')
    await page.getByText('Nothing was used in these days.').waitFor()

    const serverId = await seedServer(seed, { name: 'sao-paulo-1' })
    const small = await seedCustomer(seed, { name: 'Small', plan: 'pro' })
    const large = await seedCustomer(seed, { name: '<b>Large</b>', plan: 'pro' })
    await seedUsage(seed, small, serverId, 2)
    await seedUsage(seed, large, serverId, 10)
    await page.reload()
    const rows = page.getByRole('region', { name: 'Usage' }).getByRole('row')
    const firstName = () => rows.nth(1).getByRole('cell').first().textContent()
    await rows.filter({ hasText: 'Pro' }).getByText('4,800').waitFor()
    expect(await rows.count()).toBe(2)

    await page.getByRole('button', { name: 'Customers', exact: true }).click()
    await page.getByRole('link', { name: '<b>Large</b>' }).waitFor()
    await rows.filter({ hasText: 'Large' }).getByText('5 MB').waitFor()
    expect(await firstName()).toContain('<b>Large</b>')
    await page.getByRole('columnheader').getByRole('button', { name: 'Sent' }).click()
    await expect.poll(firstName, { timeout: 30_000 }).toContain('Small')
    expect(new URL(page.url()).search).toBe('?by=customer&sort=sent')

    const today = new Date().toISOString().slice(0, 10)
    await page.getByLabel('From').fill(today)
    await rows.filter({ hasText: 'Large' }).getByText('400', { exact: true }).waitFor()
    await page.getByLabel('From').fill('2020-01-01')
    await page.getByText('At most 92 days are shown at once.').waitFor()
    await page.getByRole('button', { name: 'Remove the filters' }).click()
    await page.getByRole('button', { name: 'Servers', exact: true }).click()
    await page.getByRole('link', { name: 'sao-paulo-1' }).click()
    await page.getByRole('heading', { name: 'sao-paulo-1' }).waitFor()
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })
})
