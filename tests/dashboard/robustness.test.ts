import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { createAdmin } from '#local/admin/create-admin.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { pagePaths, routerPaths, type PagePath } from './page-paths.ts'
import { seedDemo, type Demo } from './seed-demo.ts'

const patient = { timeout: 30_000 }

describeInChromium('the dashboard when things go wrong', (chromium) => {
  let dashboard: Dashboard
  let demo: Demo
  let pages: PagePath[]
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
    demo = await seedDemo(dashboard.edge)
    pages = Object.values(pagePaths(demo))
  })
  afterAll(() => dashboard?.close())

  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1 }).getByText(name, { exact: true })
  const customersAsked = (requests: string[]) => requests.filter((url) => /\/api\/admin\/customers\?/.test(url)).length

  test('every page of the router is known here', async () => {
    expect(Object.keys(pagePaths(demo)).toSorted()).toEqual((await routerPaths()).toSorted())
  })

  test('every page comes back after a reload', async () => {
    const admin = await dashboard.visitAs('super_admin')
    const stranger = await dashboard.visit()
    await Promise.all([admin.page.goto('/'), stranger.page.goto('/login')])
    for (const { path, heading: name, reader } of pages) {
      const { page } = reader === 'admin' ? admin : stranger
      await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`)
      await heading(page, name).waitFor({ state: 'attached' })
      const address = page.url()
      await page.reload()
      await heading(page, name).waitFor({ state: 'attached' })
      expect(page.url()).toBe(address)
    }
    expect(admin.complaints).toEqual([])
    // A pairing page without its link asks in vain.
    expect(stranger.complaints.filter((text) => !text.includes('status of 401'))).toEqual([])
    await Promise.all([admin.close(), stranger.close()])
  })

  test('what was deleted is said to be gone under its address, and what never was one is no id', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    const paths = Object.entries(pagePaths(demo)).filter(([route]) => route.includes('$'))
    for (const [route, { gone, path }] of paths) {
      expect(gone, route).toBeDefined()
      await page.goto(gone ?? '')
      await page.getByRole('alert').getByText('It may have been deleted meanwhile.').waitFor()
      expect(await page.getByRole('button', { name: 'Try again' }).count(), route).toBe(0)
      await page.goto(path.replace(/[^/]+$/, 'nonsense'))
      await page.getByRole('alert').getByText('This is not the id of').waitFor()
    }
    await visitor.close()
  })

  test('a page beyond the end of a list leads to its last one', async () => {
    const visitor = await dashboard.visitAs('super_admin')
    const { page } = visitor
    for (const { path } of pages.filter(({ paged }) => paged === true)) {
      await page.goto(`${path}${path.includes('?') ? '&' : '?'}page=99`)
      await page.getByRole('main').getByRole('row').nth(1).waitFor(patient)
      await expect.poll(() => page.url(), { ...patient, message: path }).not.toContain('page=99')
    }
    await visitor.close()
  })

  test('an API that is away is said to be; what was shown stays, and comes back by itself', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    await page.clock.install()
    await page.goto(`/customers/${demo.customerId}`)
    await heading(page, 'Padaria do Bairro').waitFor()
    await page.route('**/api/**', (route) => route.abort('connectionrefused'))
    await page.getByRole('link', { name: 'Customers', exact: true }).first().click()
    const wait = async () => {
      await page.clock.runFor(2_000)
      return page.getByText('The service cannot be reached.').first().isVisible()
    }
    await expect.poll(wait, patient).toBe(true)
    await page.getByText('Check your connection').waitFor()
    await page.unroute('**/api/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('link', { name: 'Padaria do Bairro' }).click()

    // Another who renames it while the network is away.
    await heading(page, 'Padaria do Bairro').waitFor()
    await page.route('**/api/**', (route) => route.abort('connectionrefused'))
    await page.clock.runFor(40_000)
    await page.unroute('**/api/**')
    await dashboard.edge.seed.update('customers', { id: demo.customerId }, { name: 'Padaria Nova' })
    const renamed = async () => {
      await page.clock.runFor(10_000)
      return heading(page, 'Padaria Nova').isVisible()
    }
    await expect.poll(renamed, patient).toBe(true)
    await dashboard.edge.seed.update('customers', { id: demo.customerId }, { name: 'Padaria do Bairro' })
    await visitor.close()
  })

  test('a first page that cannot ask who is there says so, and works once it can', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    await page.route('**/api/**', (route) => route.abort('connectionrefused'))
    await page.goto('/servers')
    await page.getByText('The service cannot be reached.').waitFor()
    await page.unroute('**/api/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await heading(page, 'Servers').waitFor()
    await visitor.close()
  })

  test('progress is shown when an answer takes longer than 300 ms', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    const held: (() => void)[] = []
    await page.route(/\/api\/admin\/servers\?/, async (route) => {
      await new Promise<void>((resolve) => held.push(resolve))
      await route.continue()
    })
    await page.goto('/servers')
    const line = page.locator('.animate-slide')
    await line.waitFor({ state: 'attached' })
    const style = (name: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector('.animate-slide')).${name}`)
    expect(await style('animationDelay')).toBe('0.3s')
    await expect.poll(async () => Number(await style('opacity')), patient).toBeGreaterThan(0)
    await page.getByRole('status').getByText('Loading').waitFor()
    for (const release of held) release()
    await page.getByRole('link', { name: 'sao-paulo-1' }).waitFor()
    await visitor.close()
  })

  test('a token that ran out is refreshed once for all that was asked by it', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page, requests } = visitor
    await page.goto('/customers')
    await heading(page, 'Customers').waitFor()
    await page.waitForLoadState('networkidle')
    const refreshes = () => requests.filter((url) => url.endsWith('/auth/refresh')).length
    const before = refreshes()
    let spoiled = 0
    // What the page asks by its present token is refused by the service itself.
    let present: string | undefined
    await page.route('**/api/admin/**', async (route) => {
      const given = route.request().headers()['authorization']
      present ??= given
      if (given === undefined || given !== present) return route.continue()
      spoiled++
      await route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer spoiled' } })
    })
    await page.getByRole('link', { name: 'Instances', exact: true }).click()
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor()
    expect(spoiled).toBeGreaterThan(1)
    expect(refreshes()).toBe(before + 1)
    await visitor.close()
  })

  test('a session that is over leads to the log-in, and from there back to the same page', async () => {
    const email = 'bia@example.com'
    const password = await createAdmin(dashboard.edge.database.url, { email, name: 'Bia', role: 'admin' })
    const visitor = await dashboard.visit()
    const { page } = visitor
    const logIn = async () => {
      await page.getByLabel('E-mail address').fill(email)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Log in' }).click()
    }
    await page.goto('/customers?sort=name&page=2')
    await logIn()
    await heading(page, 'Customers').waitFor()
    const address = page.url()
    // Ended elsewhere: neither token nor cookie is worth anything any more.
    await page.route('**/api/admin/**', (route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer spoiled' } }),
    )
    await page.context().clearCookies()
    await page.getByRole('link', { name: 'Customer 3', exact: true }).first().click()
    await heading(page, 'Log in to Wharf').waitFor()
    const wanted = new URL(page.url()).searchParams.get('next') ?? ''
    await page.unroute('**/api/admin/**')
    await logIn()
    await heading(page, 'Customer 3').waitFor()
    expect(new URL(page.url()).pathname).toBe(wanted)
    await page.goBack()
    await page.goto(address)
    await heading(page, 'Customers').waitFor()
    await visitor.close()
  })

  test('what a role may not read says whom to ask', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    for (const path of ['/audit', '/admins']) {
      await page.goto(path)
      await page.getByRole('alert').getByText('Ask a super admin for the role that it needs.').waitFor()
      expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    }
    await visitor.close()
  })

  test('too many requests: the page counts down and asks again by itself, a form can be sent again', async () => {
    const visitor = await dashboard.visitAs('admin')
    const { page, requests } = visitor
    await page.clock.install()
    const limited = (body: string) => ({ status: 429, headers: { 'retry-after': '30' }, body })
    // As a limit of the network says it, without an envelope.
    await page.route(/\/api\/admin\/customers\?/, (route) => route.fulfill(limited('<h1>Slow down</h1>')), { times: 1 })
    await page.goto('/customers')
    await page.getByText('Too many requests.').waitFor()
    await page.getByText('It is tried again by itself in').waitFor()
    await page.getByRole('timer').getByText('30 seconds').waitFor()
    const before = customersAsked(requests)
    await page.clock.runFor(12_000)
    await page
      .getByRole('timer')
      .getByText(/^1\d seconds$/)
      .waitFor()
    expect(customersAsked(requests)).toBe(before)
    await page.clock.runFor(20_000)
    await page.getByRole('link', { name: 'Customer 24' }).waitFor()

    const message = 'More than the admin API allows.'
    const error = { code: 'RATE_LIMIT_EXCEEDED', message, details: {}, retry_after: 30, request_id: 'req_1' }
    const envelope = JSON.stringify({ success: false, error })
    await page.route('**/api/admin/customers', (route) => route.fulfill(limited(envelope)), { times: 1 })
    await page.getByRole('button', { name: 'New customer' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Livraria')
    const send = page.getByRole('button', { name: 'Create customer' })
    await send.click()
    await page.getByText('You can try again in').waitFor()
    expect(await send.isDisabled()).toBe(true)
    await page.getByLabel('Name', { exact: true }).press('Enter')
    await page.clock.runFor(31_000)
    await page.getByText('You can try again now.').waitFor()
    await send.click()
    await page.getByLabel('API key').waitFor()
    await visitor.close()
  })

  test('an edit sends what was changed alone, and shows what somebody else changed before it writes over that', async () => {
    const { seed } = dashboard.edge
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    const sent: unknown[] = []
    page.on('request', (request) => {
      if (request.method() === 'PUT') sent.push(request.postDataJSON())
    })
    await page.goto(`/servers/${demo.serverId}`)
    const edit = page.getByRole('dialog', { name: 'Edit server' })
    const open = async () => {
      await page.getByRole('button', { name: 'Edit' }).click()
      await edit.waitFor()
    }
    const save = edit.getByRole('button', { name: 'Save' })
    await open()
    await save.click()
    await edit.waitFor({ state: 'detached' })
    expect(sent).toEqual([])

    await open()
    await edit.getByLabel('Capacity').fill('90')
    await edit.getByLabel('Provider').fill('Mine')
    await seed.update('servers', { id: demo.serverId }, { maxCapacity: 70, provider: 'Theirs', region: 'sa-west' })
    await save.click()
    const conflict = edit.getByRole('alert').filter({ hasText: 'Somebody else changed this' })
    const choice = (field: string) => conflict.getByRole('group', { name: field })
    await choice('Capacity').getByLabel('Theirs: 70').check()
    await choice('Provider').getByLabel('Yours: Mine').check()
    expect(await choice('Region').count()).toBe(0)
    expect(sent).toEqual([])
    // A change after that is told too.
    await seed.update('servers', { id: demo.serverId }, { provider: 'Theirs again' })
    await save.click()
    await choice('Provider').getByLabel('Theirs: Theirs again').waitFor()
    await save.click()
    await edit.waitFor({ state: 'detached' })
    expect(sent).toEqual([{ provider: 'Mine' }])
    await page.getByText('sa-west').first().waitFor()
    await page.getByText('Mine', { exact: true }).waitFor()
    await seed.update('servers', { id: demo.serverId }, { region: 'sa-east' })

    await page.goto(`/customers/${demo.customerId}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByText('Limits of its own').click()
    await page.getByRole('textbox', { name: 'Instances' }).fill('9')
    await seed.update('customers', { id: demo.customerId }, { limitOverrides: { messages_per_day: 700 } })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('its limits hold from the next request on').waitFor()
    expect(sent.at(-1)).toEqual({ limit_overrides: { messages_per_day: 700, instances: 9 } })
    await visitor.close()
  })

  test('a change that the present state refuses says why', async () => {
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(`/servers/${demo.serverId}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Name').fill('frankfurt-1')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('Somebody may have changed it meanwhile: look how it is now.').waitFor()
    await visitor.close()
  })

  test('two tabs of one browser are there at once, and leave together', async () => {
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    const other = await page.context().newPage()
    await other.addInitScript(`localStorage.setItem('wharf.session', '1')`)
    await Promise.all([page.goto('/servers'), other.goto('/customers')])
    await Promise.all([heading(page, 'Servers').waitFor(), heading(other, 'Customers').waitFor()])
    await page.getByRole('button', { name: /Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await heading(page, 'Log in to Wharf').waitFor()
    await heading(other, 'Log in to Wharf').waitFor()
    await visitor.close()
  })
})
