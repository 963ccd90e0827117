import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedServer } from '#core/testing/seed.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import type { WatchedPage } from '#edge/testing/open-browser.ts'
import { createAdmin } from '#local/admin/create-admin.ts'
import { projectRoot } from '#local/edge/bundle-edge.ts'
import { formCases, type FormCase, type FormWorld } from './form-cases.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { openPairing } from './open-pairing.ts'
import { seedDemo } from './seed-demo.ts'

const patient = { timeout: 30_000 }
const features = path.join(projectRoot, 'dashboard', 'features')

/** Files that hold a form. A question with a button alone is `ConfirmDialog`, which has no field to get wrong. */
async function filesWithForms(): Promise<string[]> {
  const files = (await readdir(features, { recursive: true })).filter((file) => file.endsWith('.tsx'))
  const sources = await Promise.all(files.map((file) => readFile(path.join(features, file), 'utf8')))
  return files.filter((_, index) => /use(Edit)?Form\(|<form\b/.test(sources[index] ?? ''))
}

describeInChromium('forms of the dashboard', (chromium) => {
  let dashboard: Dashboard
  let world: FormWorld
  const cases = formCases(() => world)
  let visitors: Record<FormCase['reader'], WatchedPage>
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
    const demo = await seedDemo(dashboard.edge)
    const email = 'ana@example.com'
    const password = await createAdmin(dashboard.edge.database.url, { email, name: 'Ana', role: 'super_admin' })
    const pairing = await openPairing(dashboard.edge)
    const changedServerId = await seedServer(dashboard.edge.seed, {
      incarnation: null,
      leaseExpiresAt: null,
      enrolledAt: new Date(),
    })
    world = { ...demo, changedServerId, own: { email, password }, pairingPath: pairing.path }
    visitors = { admin: await dashboard.visit(), stranger: await dashboard.visit() }
  })
  afterAll(() => dashboard?.close())

  test('each has a case here', async () => {
    const known = cases.map(({ file }) => file)
    expect(known.toSorted()).toEqual((await filesWithForms()).toSorted())
  })

  /** What stands beside the field that has the focus, as assistive technology is told. */
  const focused = (page: Page) =>
    page.evaluate<{ name: string | null; told: string; invalid: string | null }>(`(() => {
      const field = document.activeElement
      const ids = (field?.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id !== '')
      const told = ids.map((id) => document.getElementById(id)?.textContent).join(' ')
      return { name: field?.getAttribute('name') ?? null, told, invalid: field?.getAttribute('aria-invalid') ?? null }
    })()`)

  /** Resolves when the message is seen, belongs to the field, and the focus is there. */
  const isSaidAt = async (page: Page, name: string, says: RegExp) => {
    await page.getByText(says).first().waitFor()
    await expect.poll(async () => (await focused(page)).name, patient).toBe(name)
    const { told, invalid } = await focused(page)
    expect(invalid, name).toBe('true')
    expect(
      told.split('. ').some((sentence) => says.test(sentence) || says.test(`${sentence}.`)),
      told,
    ).toBe(true)
  }

  test.each(cases)(
    '$file says what is wrong at the field and sends nothing, shows a refusal there, and does what it is for',
    async ({ reader, path: address, open, send, call, fill, wrong, refusable, refusal, done }) => {
      const { page } = visitors[reader]
      await page.goto(address())
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
      await open(page)
      const form = page.locator('form').filter({ has: page.getByRole('button', { name: send, exact: true }) })
      await form.waitFor()
      const sent: string[] = []
      page.on('request', (request) => {
        if (request.method() !== 'GET' && call.test(request.url())) sent.push(request.url())
      })
      const submit = form.getByRole('button', { name: send, exact: true })

      for (const [name, typed, says] of wrong) {
        await fill(form, page)
        await form.locator(`[name="${name}"]`).fill(typed)
        await submit.click()
        await isSaidAt(page, name, says)
      }
      expect(sent).toEqual([])

      await fill(form, page)
      const details = { [refusable]: 'is refused by the service' }
      const error = { code: 'VALIDATION_ERROR', message: 'It is refused.', details, request_id: 'req_1' }
      const answer = { status: 400, contentType: 'application/json', body: JSON.stringify({ success: false, error }) }
      // A form for editing looks first how it is now: that is no refusal.
      await page.route(call, (route) => (route.request().method() === 'GET' ? route.continue() : route.fulfill(answer)))
      await submit.click()
      await isSaidAt(page, refusable, refusal ?? / is refused by the service\.?$/)
      expect(sent).toHaveLength(1)
      await page.unroute(call)

      // What was typed still stands there.
      await submit.click()
      await page.getByText(done).filter({ visible: true }).first().waitFor()
      expect(sent).toHaveLength(2)
      page.removeAllListeners('request')
    },
  )
})
