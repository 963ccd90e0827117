import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedCustomer } from '#core/testing/seed.ts'
import type { WatchedPage } from '#edge/testing/open-browser.ts'
import { createAdmin } from '#local/admin/create-admin.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'

describeInChromium('log-in to the dashboard', (chromium) => {
  let dashboard: Dashboard
  let ana: { email: string; password: string }
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
    const email = 'ana@example.com'
    const password = await createAdmin(dashboard.edge.database.url, { email, name: 'Ana', role: 'super_admin' })
    ana = { email, password }
    await seedCustomer(dashboard.edge.seed, { name: 'Shop of Ana', plan: 'pro' })
  })
  afterAll(() => dashboard?.close())

  const enter = async ({ page }: WatchedPage, { email, password } = ana) => {
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Log in' }).click()
  }

  test('a wrong password is refused; the right one leads to the customers, and a reload stays logged in', async () => {
    const visitor = await dashboard.visit()
    const { page } = visitor
    await page.goto('/customers?sort=name')
    await page.getByRole('heading', { name: 'Log in to Wharf' }).waitFor()
    await enter(visitor, { ...ana, password: 'not the right one' })
    await page.getByRole('alert').getByText('is wrong').waitFor()

    await enter(visitor)
    await page.getByRole('link', { name: 'Shop of Ana' }).waitFor()
    // Back to where one wanted to go.
    expect(new URL(page.url()).search).toBe('?sort=name')

    await page.reload()
    await page.getByRole('link', { name: 'Shop of Ana' }).waitFor()
    expect(visitor.requests.filter((url) => !url.startsWith(`${dashboard.url}/`))).toEqual([])
    expect(visitor.complaints.filter((text) => !text.includes('status of 401'))).toEqual([])
    await visitor.close()
  })

  test('an authenticator app is set up by its QR code, and the next log-in asks for a code', async () => {
    const visitor = await dashboard.visit()
    const { page } = visitor
    await page.goto('/login')
    await enter(visitor)
    await page.getByRole('button', { name: /Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Your security' }).click()
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('img', { name: /QR code/ }).waitFor()
    const secret = (await page.getByLabel('Secret').textContent()) ?? ''
    const app = new TOTP({ secret })
    await page.getByLabel('Code', { exact: true }).fill('000000')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Code is not a code of this moment.').waitFor()
    await page.getByLabel('Code', { exact: true }).fill(app.generate())
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor()
    const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
    expect(codes).toHaveLength(10)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes left.').waitFor()

    await page.getByRole('button', { name: 'Log out everywhere' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Log out everywhere' }).click()
    await page.getByRole('heading', { name: 'Log in to Wharf' }).waitFor()
    await enter(visitor)
    await page.getByLabel('Code').fill(codes[0] ?? '')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('9 recovery codes left.').waitFor()
    expect(visitor.complaints.filter((text) => !/status of 40[01]/.test(text))).toEqual([])
    await visitor.close()
  })
})
