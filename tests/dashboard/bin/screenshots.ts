// `npm run screenshots`: each page in light, dark and phone width, as pictures to look at.
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { chromiumMissing, findChromium } from '#edge/testing/find-chromium.ts'
import { runMain, UserError } from '#local/user-error.ts'
import { openDashboard } from '#tests/dashboard/open-dashboard.ts'
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
    const customerId = await seedDemo(dashboard.edge)
    const pages = {
      customers: '/customers?sort=-name',
      customer: `/customers/${customerId}`,
      audit: '/audit',
      admins: '/admins',
      security: '/security',
    }
    for (const [look, options] of Object.entries(looks)) {
      const admin = await dashboard.visitAs('super_admin', options)
      for (const [name, address] of Object.entries(pages)) {
        await admin.page.goto(address)
        await admin.page.waitForLoadState('networkidle')
        await admin.page.screenshot({ path: path.join(folder, `${name}-${look}.png`), fullPage: true })
      }
      await admin.close()
      const stranger = await dashboard.visit(options)
      await stranger.page.goto('/login')
      await stranger.page.getByLabel('Password').waitFor()
      await stranger.page.screenshot({ path: path.join(folder, `login-${look}.png`) })
      await stranger.close()
    }
    console.log(`Pictures of the dashboard are in ${folder}`)
  } finally {
    await dashboard.close()
  }
})
