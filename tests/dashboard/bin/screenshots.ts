// `npm run screenshots`: each page in light, dark and phone width, as pictures to look at.
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { chromiumMissing, findChromium } from '#edge/testing/find-chromium.ts'
import { runMain, UserError } from '#local/user-error.ts'
import { openDashboard, type Dashboard } from '#tests/dashboard/open-dashboard.ts'
import { openPairing } from '#tests/dashboard/open-pairing.ts'
import { seedDemo } from '#tests/dashboard/seed-demo.ts'

const folder = path.resolve('.wharf', 'screenshots')
const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const

await runMain(async () => {
  const chromium = findChromium()
  if (chromium === undefined) throw new UserError(chromiumMissing)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const dashboard = await openDashboard(chromium)
  try {
    const { customerId, serverId, instanceId, webhookId } = await seedDemo(dashboard.edge)
    const pages = {
      overview: '/?range=24h',
      customers: '/customers?sort=-name',
      customer: `/customers/${customerId}`,
      webhook: `/customers/${customerId}/webhooks/${webhookId}`,
      servers: '/servers',
      server: `/servers/${serverId}`,
      instances: '/instances',
      instance: `/instances/${instanceId}`,
      alerts: '/alerts?state=all',
      usage: '/usage?by=customer',
      audit: '/audit',
      admins: '/admins',
      security: '/security',
    }
    for (const [look, options] of Object.entries(looks)) {
      const admin = await dashboard.visitAs('super_admin', options)
      for (const [name, address] of Object.entries(pages)) {
        await admin.page.goto(address)
        await admin.page.locator('h1').first().waitFor()
        await admin.page
          .getByRole('status')
          .filter({ hasText: /^Loading$/ })
          .first()
          .waitFor({ state: 'detached' })
        await admin.page.waitForLoadState('networkidle')
        await admin.page.screenshot({ path: path.join(folder, `${name}-${look}.png`), fullPage: true })
      }
      await admin.close()
      const stranger = await dashboard.visit(options)
      await stranger.page.goto('/login')
      await stranger.page.getByLabel('Password').waitFor()
      await stranger.page.screenshot({ path: path.join(folder, `login-${look}.png`) })
      await stranger.close()
      await takePairing(dashboard, look, options)
    }
    console.log(`Pictures of the dashboard are in ${folder}`)
  } finally {
    await dashboard.close()
  }
})

/** The page behind a pairing link, from the code to the end. */
async function takePairing(dashboard: Dashboard, look: string, options: BrowserContextOptions): Promise<void> {
  const pairing = await openPairing(dashboard.edge)
  const visitor = await dashboard.visit({ ...options, locale: look === 'dark' ? 'pt-BR' : 'en-GB' })
  const { page } = visitor
  const take = (name: string) =>
    page.screenshot({ path: path.join(folder, `pair-${name}-${look}.png`), fullPage: true })
  await page.goto(pairing.path)
  await page.getByRole('main').getByRole('img').waitFor()
  await take('qr')
  await page.getByRole('main').getByRole('button').click()
  await page.getByRole('textbox').fill('+5511987654321')
  await take('number')
  await page.getByRole('main').getByRole('button').first().click()
  await page.getByText('ABCD', { exact: true }).waitFor()
  await take('code')
  await pairing.becomes({ state: 'failed', reason: 'passkey-required' })
  await page
    .getByRole('heading', { level: 2 })
    .getByText(/passkey|chave/)
    .waitFor()
  await take('refused')
  await pairing.becomes({ state: 'connected', reason: null })
  await page.reload()
  await page.getByRole('heading', { level: 2 }).waitFor()
  await take('linked')
  await visitor.close()
}
