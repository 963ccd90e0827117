import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CustomerId, InstanceId, ServerId, WebhookId } from '#contracts/ids.ts'
import { seedServer } from '#core/testing/seed.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { seedLoggedInAdmin } from '#edge/testing/seed-logged-in-admin.ts'
import { hostileMessages, hostileTexts } from './hostile-texts.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { pagePaths } from './page-paths.ts'

const phone = { viewport: { width: 360, height: 780 } }

/** What was stored of one class. */
interface Stored {
  text: string
  customerId: CustomerId
  instanceId: InstanceId
  serverId: ServerId
  webhookId: WebhookId
}

describeInChromium('hostile texts in the dashboard', (chromium) => {
  let dashboard: Dashboard
  const stored: Stored[] = []

  const ask = async (path: string, headers: Record<string, string>, body: object) => {
    const answer = await dashboard.edge.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: answer.status, data: ((await answer.json()) as { data: Record<string, unknown> }).data }
  }
  const create = async (path: string, headers: Record<string, string>, body: object) => {
    const { status, data } = await ask(path, headers, body)
    expect(status, `${path} ${JSON.stringify(body)}`).toBeOneOf([200, 201, 202])
    return data
  }

  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
    const { seed, workerUrl } = dashboard.edge
    const leaseExpiresAt = new Date(Date.now() + 3_600_000)
    await seedServer(seed, { name: 'sao-paulo-1', url: workerUrl, leaseExpiresAt })
    const { token } = await seedLoggedInAdmin(dashboard.edge)
    const admin = { authorization: `Bearer ${token}` }
    for (const [index, text] of Object.values(hostileTexts).entries()) {
      const customer = await create('/api/admin/customers', admin, { name: text, plan: 'enterprise' })
      const key = { 'x-api-key': (customer['api_key'] as { secret: string }).secret }
      const instance = await create('/api/v1/instances', key, { name: text })
      const url = `https://hooks.example.com/${encodeURIComponent(text)}?q=${encodeURIComponent(text)}`
      const webhook = await create('/api/v1/webhooks', key, { url, description: text, events: ['*'] })
      const place = { name: `hostile-${index}`, url: `https://hostile-${index}.example.com`, ip_address: '203.0.113.9' }
      const server = await create('/api/admin/servers', admin, {
        ...place,
        region: text,
        provider: text,
        max_capacity: 10,
      })
      await create('/api/admin/admins', admin, { email: `a${index}@example.com`, name: text, role: 'viewer' })
      stored.push({
        text,
        customerId: customer['id'] as CustomerId,
        instanceId: instance['id'] as InstanceId,
        webhookId: webhook['id'] as WebhookId,
        serverId: server['id'] as ServerId,
      })
      if (index > 0) continue
      for (const body of Object.values(hostileMessages)) {
        const message = { to: '+5511999990002', type: 'text', text: { body } }
        await create(`/api/v1/instances/${String(instance['id'])}/messages`, key, message)
      }
    }
  })
  afterAll(() => dashboard?.close())

  const visit = async (reader: 'admin' | 'stranger') => {
    const visitor = reader === 'admin' ? await dashboard.visitAs('super_admin', phone) : await dashboard.visit(phone)
    await visitor.page.addInitScript(`
      window.reports = []
      document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => reports.push(violatedDirective))
    `)
    return visitor
  }
  const go = async (page: Page, path: string) => {
    await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`)
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
    await page.getByRole('status').getByText('Loading', { exact: true }).first().waitFor({ state: 'detached' })
  }
  const isHarmless = async (page: Page, where: string) => {
    const [ran, reports, width] = await page.evaluate<unknown[]>(
      `[window.ran ?? 'nothing', window.reports, document.documentElement.scrollWidth]`,
    )
    expect({ ran, reports }, where).toEqual({ ran: 'nothing', reports: [] })
    expect(width, where).toBeLessThanOrEqual(phone.viewport.width)
  }

  test('run nowhere, break no rule of the policy and no page, and are shown as they are', async () => {
    const visitor = await visit('admin')
    const { page } = visitor
    await page.goto('/')
    const seen = new Set<string>()
    for (const place of stored) {
      for (const [route, { path, reader }] of Object.entries(pagePaths(place))) {
        // Lists are the same for all.
        if (reader !== 'admin' || seen.has(path)) continue
        seen.add(path)
        await go(page, path)
        if (/customers\/\$customerId$|instances\/\$/.test(route)) {
          await expect
            .poll(() => page.getByRole('heading', { level: 1 }).textContent(), { timeout: 30_000 })
            .toBe(place.text)
        } else if (route.includes('servers/$')) {
          const shown = page.getByRole('main').getByRole('definition').locator('bdi')
          await expect.poll(() => shown.allTextContents(), { timeout: 30_000 }).toContain(place.text)
        }
        await isHarmless(page, `${route}: ${place.text}`)
      }
    }
    for (const details of await page.locator('details').all()) await details.locator('summary').click()
    await isHarmless(page, 'with all unfolded')
    expect(visitor.requests.filter((url) => !url.startsWith(`${dashboard.url}/`) && !url.startsWith('data:'))).toEqual(
      [],
    )
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('messages of every class, also of 4,096 characters, are shown and unfold without harm', async () => {
    const visitor = await visit('admin')
    const { page } = visitor
    await page.goto(`/instances/${stored[0]?.instanceId ?? ''}`)
    const log = page.getByRole('region', { name: 'Messages' })
    const rows = log.getByRole('row')
    await rows.nth(1).waitFor()
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(Object.keys(hostileMessages).length + 1)
    for (const summary of await log.locator('summary').all()) await summary.click()
    await isHarmless(page, 'messages')
    const texts = await log.getByRole('cell').allTextContents()
    for (const [name, text] of Object.entries(hostileMessages)) {
      expect(
        texts.some((cell) => cell.includes(text)),
        name,
      ).toBe(true)
    }
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a customer of such a name does no harm to the person who opens its pairing link', async () => {
    const visitor = await visit('stranger')
    const { page } = visitor
    await page.goto('/login')
    const expiresAt = new Date(Date.now() + 3_600_000)
    for (const { customerId, instanceId, text } of stored) {
      const token = await dashboard.edge.pairingLinks.sign({ customerId, instanceId, expiresAt })
      await page.evaluate(`history.pushState({}, '', ${JSON.stringify(`/pair#${token}`)})`)
      const heading = page.getByRole('heading', { level: 1 }).locator('bdi')
      await expect.poll(() => heading.textContent(), { timeout: 30_000 }).toBe(text)
      await isHarmless(page, text)
    }
    expect(visitor.complaints.filter((complaint) => !complaint.includes('status of 5'))).toEqual([])
    await visitor.close()
  })

  test('names with control characters are refused', async () => {
    const { token } = await seedLoggedInAdmin(dashboard.edge)
    for (const name of ['a\u0000b', 'a\u0007b', 'a\u001B[31mb', 'a\u0085b', 'a\nb']) {
      const body = { name, plan: 'basic' }
      const { status } = await ask('/api/admin/customers', { authorization: `Bearer ${token}` }, body)
      expect(status).toBe(400)
    }
  })
})
