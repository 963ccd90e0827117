import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedCustomer } from '#core/testing/seed.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { seedDelivery, seedWebhook } from './seed-webhooks.ts'

describeInChromium('webhooks in the dashboard', (chromium) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
  })
  afterAll(() => dashboard?.close())

  const bad = `<script>window.ran=1</script><img src=x onerror="window.ran=1">`

  test('from the customer to its endpoint, its deliveries and their answers; one is replayed', async () => {
    const { seed } = dashboard.edge
    const customerId = await seedCustomer(seed, { name: 'Padaria' })
    const webhookId = await seedWebhook(seed, customerId, { failingSince: new Date(), description: bad })
    const place = { customerId, webhookId }
    const occurredAt = new Date('2026-01-31T11:00:00Z')
    const answers = [
      { status: null, error: 'No answer in time.', response: null },
      { status: 500, error: null, response: bad },
    ]
    const eventId = await seedDelivery(seed, place, { occurredAt, status: 'dead', answers })
    for (let index = 0; index < 30; index++) {
      await seedDelivery(seed, place, { occurredAt, status: 'pending', type: 'message.received' })
    }

    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(`/customers/${customerId}`)
    await page.getByRole('link', { name: 'https://shop.example.com/hook' }).click()
    await page.getByRole('heading', { name: 'https://shop.example.com/hook' }).waitFor()
    await page.getByText('Failing', { exact: true }).waitFor()
    const rows = page.getByRole('region', { name: 'Deliveries' }).getByRole('row')
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(26)
    await page.getByRole('button', { name: 'Show older' }).click()
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(32)

    await page.getByRole('combobox', { name: 'Status' }).selectOption('dead')
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(2)
    expect(new URL(page.url()).search).toBe('?status=dead')
    await page.getByRole('button', { name: `attempts of ${eventId}` }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('No answer in time.').waitFor()
    expect(await dialog.getByLabel('Answer to attempt 2').textContent()).toBe(bad)
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    expect(await page.evaluate('window.ran')).toBeUndefined()

    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    await dialog.getByText('is sent once more').waitFor()
    await dialog.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('The event is due again.').waitFor()
    await page.getByText('No delivery fits these filters.').waitFor()
    expect(await seed.rows('deliveries', { eventId })).toMatchObject([{ status: 'pending' }])
    expect(visitor.complaints).toEqual([])
    await visitor.close()

    const viewer = await dashboard.visitAs('viewer')
    await viewer.page.goto(`/customers/${customerId}/webhooks/${webhookId}`)
    await viewer.page.getByText('Not tried yet').first().waitFor()
    expect(await viewer.page.getByRole('button', { name: /Replay/ }).count()).toBe(0)
    await viewer.close()
  })

  test('a time of more than one call takes is replayed with progress, and goes on after a failure', async () => {
    const { seed } = dashboard.edge
    const customerId = await seedCustomer(seed)
    const webhookId = await seedWebhook(seed, customerId)
    const start = Date.parse('2026-01-31T11:00:00Z')
    for (let index = 0; index < 1_003; index++) {
      const occurredAt = new Date(start + index * 1_000)
      await seedDelivery(seed, { customerId, webhookId }, { occurredAt, status: 'delivered' })
    }
    const visitor = await dashboard.visitAs('admin', { timezoneId: 'America/Sao_Paulo' })
    const { page } = visitor
    let calls = 0
    await page.route('**/replay', (route) => (++calls === 2 ? route.abort() : route.continue()))
    await page.goto(`/customers/${customerId}/webhooks/${webhookId}`)
    await page.getByRole('button', { name: 'Replay a time' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Replay' }).click()
    await dialog.getByText('From must be a moment.').waitFor()
    // Three hours behind UTC there.
    await dialog.getByLabel('From').fill('2026-01-31T08:00:00')
    await dialog.getByLabel('To', { exact: true }).fill('2026-01-31T07:00:00')
    await dialog.getByRole('button', { name: 'Replay' }).click()
    await dialog.getByText('To must be after From.').waitFor()
    await dialog.getByLabel('To', { exact: true }).fill('2026-01-31T09:00:00')
    await dialog.getByRole('button', { name: 'Replay' }).click()
    await dialog.getByText('1,000 due again').waitFor()
    await dialog.getByText('The service cannot be reached.').waitFor()
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('1,003 events are due again.').waitFor()
    expect(await seed.rows('deliveries', { endpointId: webhookId, status: 'pending' })).toHaveLength(1_003)
    const entries = await seed.rows('auditLogs', { action: 'webhook.replay', target: webhookId })
    expect(entries).toHaveLength(2)
    expect(visitor.complaints.filter((text) => !text.includes('ERR_FAILED'))).toEqual([])
    await visitor.close()
  })
})
