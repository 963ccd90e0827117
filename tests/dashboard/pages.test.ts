import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { hostileNames, seedDemo } from './seed-demo.ts'

describeInChromium('pages of the dashboard', (chromium) => {
  let dashboard: Dashboard
  let customerId: string
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
    customerId = await seedDemo(dashboard.edge)
  })
  afterAll(() => dashboard?.close())

  /** Serious violations of accessibility as axe sees them, each with the elements. */
  const violations = async (page: Page) => {
    await page.evaluate(axe.source)
    const { violations: found } = await page.evaluate<AxeResults>(`axe.run(document)`)
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  }

  test.each(['light', 'dark'] as const)(
    'every page is accessible, fits a phone and breaks no rule of the policy: %s',
    async (colorScheme) => {
      const visitor = await dashboard.visitAs('super_admin', { colorScheme, viewport: { width: 360, height: 780 } })
      const { page } = visitor
      const paths = ['/customers', `/customers/${customerId}`, '/audit', '/admins', '/security', '/nowhere']
      for (const path of paths) {
        await page.goto(path)
        await page.locator('h1').first().waitFor()
        await page.waitForLoadState('networkidle')
        expect(await violations(page), path).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
      }
      expect(
        visitor.requests.filter((url) => !url.startsWith('data:') && !url.startsWith(`${dashboard.url}/`)),
      ).toEqual([])
      expect(visitor.complaints).toEqual([])
      await visitor.close()
    },
  )

  test('hostile names are shown as they are, and nothing of them runs', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    await page.goto('/customers?plan=basic')
    for (const name of hostileNames) await page.getByRole('link', { name, exact: true }).waitFor()
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(visitor.complaints).toEqual([])
    // A viewer is offered nothing that a viewer may not do.
    expect(await page.getByRole('button', { name: 'New customer' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Admins' }).count()).toBe(0)
    await visitor.close()
  })

  test('a customer is created with a key that opens the API, suspended, and deleted by its typed name', async () => {
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto('/customers')
    await page.getByRole('button', { name: 'New customer' }).click()
    await page.getByRole('button', { name: 'Create customer' }).click()
    await page.getByText('Name must not be empty.').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Livraria')
    await page.getByRole('button', { name: 'Create customer' }).click()
    const key = (await page.getByLabel('API key').textContent()) ?? ''
    const me = () => fetch(`${dashboard.url}/api/v1/me`, { headers: { 'x-api-key': key } })
    expect((await me()).status).toBe(200)
    await page.getByRole('button', { name: 'Open the customer' }).click()
    await page.getByRole('heading', { name: 'Livraria' }).waitFor()

    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Suspend' }).click()
    await page.getByRole('button', { name: 'Suspend' }).click()
    await page.getByText('Suspended', { exact: true }).waitFor()
    expect((await me()).status).toBe(403)

    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByLabel(/Type "Livraria"/).fill('Livraria')
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByRole('heading', { name: 'Customers' }).waitFor()
    expect((await me()).status).toBe(401)
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })
})
