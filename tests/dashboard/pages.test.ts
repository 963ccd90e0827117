import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { pagePaths } from './page-paths.ts'
import { hostileNames, seedDemo, type Demo } from './seed-demo.ts'
import { violations } from './violations.ts'

describeInChromium('pages of the dashboard', (chromium) => {
  let dashboard: Dashboard
  let demo: Demo
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
    demo = await seedDemo(dashboard.edge)
  })
  afterAll(() => dashboard?.close())

  test.each(['light', 'dark'] as const)(
    'every page is accessible, fits a phone and breaks no rule of the policy: %s',
    async (colorScheme) => {
      const visitor = await dashboard.visitAs('super_admin', { colorScheme, viewport: { width: 360, height: 780 } })
      const { page } = visitor
      const inside = Object.values(pagePaths(demo)).filter(({ reader }) => reader === 'admin')
      const paths = [...inside.map(({ path }) => path), '/?range=7d', `/instances/${demo.pairingId}`, '/nowhere']
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
    await page.getByLabel('Region').fill('sa-east')
    await page.getByRole('button', { name: 'Create customer' }).click()
    const key = (await page.getByLabel('API key').textContent()) ?? ''
    const me = () => fetch(`${dashboard.url}/api/v1/me`, { headers: { 'x-api-key': key } })
    expect((await me()).status).toBe(200)
    await page.getByRole('button', { name: 'Open the customer' }).click()
    await page.getByRole('heading', { name: 'Livraria' }).waitFor()

    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByText('Limits of its own').click()
    await page.getByRole('textbox', { name: 'Messages a day' }).fill('8.5')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Messages a day must be a whole number.').waitFor()
    await page.getByRole('textbox', { name: 'Messages a day' }).fill('8000')
    await page.getByRole('textbox', { name: 'Instances' }).fill('Unlimited')
    await page.getByLabel('Server').selectOption(demo.serverId)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('its limits hold from the next request on').waitFor()
    await page.getByText(/of 8,000/).waitFor()
    await page.getByText('region sa-east').waitFor()
    const kept = await dashboard.edge.seed.rows('customers', { name: 'Livraria' })
    expect(kept).toMatchObject([{ region: 'sa-east', assignedServerId: demo.serverId }])

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
