import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { noLatencies } from '#core/rules/latency.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'

const minuteMs = 60_000
const patient = { timeout: 30_000 }

describeInChromium('overview of the dashboard', (chromium) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
  })
  afterAll(() => dashboard?.close())

  const tile = (page: Page, label: string) =>
    page
      .getByRole('main')
      .locator('dl')
      .filter({ has: page.getByText(label, { exact: true }) })
  const asked = (requests: string[]) => requests.filter((url) => url.includes('/metrics/global')).length
  const show = (page: Page, state: 'hidden' | 'visible') =>
    page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    `)

  test('an empty service says so; a busy one shows its figures, and charts of the chosen time', async () => {
    const { seed } = dashboard.edge
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    await page.goto('/')
    await page.getByText('There is no server yet.').waitFor()
    await page.getByText('No instance yet.').waitFor()
    await page.getByText('No message ended in this time.').first().waitFor()

    const customerId = await seedCustomer(seed)
    await seedCustomer(seed, { status: 'suspended' })
    const serverId = await seedServer(seed, { leaseExpiresAt: new Date(Date.now() + 3_600_000) })
    await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
    const owner = { customerId, serverId }
    for (const state of ['connected', 'connected', 'banned'] as const) {
      await seedInstance(seed, owner, { id: newId('instance'), state })
    }
    await seed.insert('alerts', { id: newId('alert'), kind: 'server-down', subject: serverId, details: {} })
    const now = Math.floor(Date.now() / minuteMs)
    const latency = noLatencies()
    latency[2] = 100
    for (let back = 4; back < 9; back++) {
      const minute = new Date((now - back) * minuteMs)
      await seed.insert('minuteStats', { minute, sent: 90, received: 240, failed: 10, latency })
    }
    await page.reload()
    await tile(page, 'Customers').getByText('active, 1 suspended').waitFor()
    await tile(page, 'Instances connected').getByText('of 3').waitFor()
    await tile(page, 'Servers healthy').getByText('of 2 that should work').waitFor()
    await tile(page, 'Open alerts').getByText('0 more acknowledged, 1 critical').waitFor()
    expect(await tile(page, 'Sent per minute').textContent()).toContain('90')
    expect(await tile(page, 'Received per minute').textContent()).toContain('240')
    expect(await tile(page, 'Failed').textContent()).toContain('10%')
    expect(await tile(page, 'Sent within').textContent()).toContain('488 ms')
    await page.getByText('Worker is away').waitFor()

    const chart = page.getByRole('slider', { name: 'Messages per minute' })
    await chart.press('Home')
    expect(await chart.getAttribute('aria-valuetext')).toContain('Sent 0, Received 0')
    // The newest points may be of minutes without messages: the keyboard finds one that has some.
    await chart.press('End')
    const previous = async () => {
      await chart.press('ArrowLeft')
      return chart.getAttribute('aria-valuetext')
    }
    await expect.poll(previous, patient).toContain('Sent 90, Received 240')

    const ranges = page.getByRole('group', { name: 'Time range' }).getByRole('button', { pressed: true })
    expect(await ranges.allTextContents()).toEqual(['1 hour'])
    await page.getByRole('button', { name: '24 hours' }).click()
    await page.waitForURL('**/?range=24h')
    await page.reload()
    await expect.poll(() => chart.getAttribute('aria-valuemax'), patient).toBe('94')
    expect(await ranges.allTextContents()).toEqual(['24 hours'])
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('it is asked for again while somebody looks, not while the tab is hidden, and once when that is over', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page, requests } = visitor
    await page.clock.install()
    await page.goto('/')
    await tile(page, 'Customers').waitFor()
    await expect
      .poll(async () => {
        await page.clock.runFor(10_000)
        return asked(requests)
      }, patient)
      .toBeGreaterThan(2)

    await show(page, 'hidden')
    await page.waitForLoadState('networkidle')
    const before = asked(requests)
    await page.clock.runFor(300_000)
    expect(asked(requests)).toBe(before)
    await show(page, 'visible')
    await expect.poll(() => asked(requests), patient).toBe(before + 1)
    await visitor.close()
  })

  test('an answer that is awaited is not asked for again; a failed one says so above the older figures', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page, requests } = visitor
    await page.clock.install()
    await page.goto('/')
    await tile(page, 'Customers').waitFor()
    const held: (() => void)[] = []
    await page.route('**/metrics/global*', async (route) => {
      await new Promise<void>((resolve) => held.push(resolve))
      await route.fulfill({ status: 502, body: 'Bad gateway' })
    })
    const before = asked(requests)
    await page.clock.runFor(10_000)
    await expect.poll(() => held.length, patient).toBe(1)
    await page.clock.runFor(15_000)
    expect(asked(requests)).toBe(before + 1)
    held[0]?.()
    await page.getByRole('alert').getByText('What stands here is older.').waitFor()
    await tile(page, 'Customers').waitFor()
    await visitor.close()
  })
})
