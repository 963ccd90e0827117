import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { newId, type InstanceId } from '#contracts/ids.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { readQrCode } from '#edge/testing/read-qr-code.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { openPairing, shownQr } from './open-pairing.ts'
import { hostileNames } from './seed-demo.ts'

describeInChromium('instances in the dashboard', (chromium) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
  })
  afterAll(() => dashboard?.close())

  const lease = { incarnation: 'run-1', leaseExpiresAt: new Date(Date.now() + 3_600_000) }
  /** A connected instance of its own customer on a server whose worker answers. */
  const seedOne = async (values: Partial<MemoryRows['instances']> = {}) => {
    const { seed, workerUrl } = dashboard.edge
    const customerId = await seedCustomer(seed, { name: 'Padaria' })
    const serverId = await seedServer(seed, { ...lease, url: workerUrl })
    const instanceId = await seedInstance(seed, { customerId, serverId }, { name: 'counter', ...values })
    return { customerId, serverId, instanceId, path: `/instances/${instanceId}` }
  }
  const seedMessage = (
    owner: { customerId: MemoryRows['messages']['customerId']; instanceId: InstanceId },
    body: string,
  ) =>
    dashboard.edge.seed.insert('messages', {
      id: newId('message'),
      ...owner,
      direction: 'inbound',
      chat: '+5511999990002',
      sender: '+5511999990002',
      waMessageId: newId('message'),
      type: 'text',
      content: { type: 'text', text: { body } },
      status: 'received',
    })

  test('the table is filtered, sorted and paged by its address, which a reload keeps', async () => {
    const { seed } = dashboard.edge
    const customerId = await seedCustomer(seed, { name: 'Livraria' })
    const serverId = await seedServer(seed, { ...lease, name: 'braga-1' })
    for (let index = 10; index < 32; index++) {
      await seedInstance(seed, { customerId, serverId }, { name: `shelf ${index}` })
    }
    await seedInstance(seed, { customerId, serverId }, { name: 'shelf lost', state: 'failed', reason: 'qr-expired' })
    // Until it is gone from the table, the search has not begun.
    await seedInstance(seed, { customerId, serverId }, { name: 'drawer' })
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    await page.goto('/instances')
    await page.getByLabel('Search by name, number or id').fill('shelf')
    await page.getByText('of 23').waitFor()
    await page.getByRole('button', { name: 'Name' }).click()
    await page.getByRole('button', { name: 'Next page' }).click()
    await page.getByRole('link', { name: 'shelf lost' }).waitFor()
    await page.reload()
    await page.getByRole('link', { name: 'shelf lost' }).waitFor()
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ page: '2', q: 'shelf', sort: 'name' })

    await page.getByLabel('State').selectOption('failed')
    await page.getByText('1 to 1 of 1').waitFor()
    await page.getByText('Nobody scanned the QR code in time.').waitFor()
    await page.getByLabel('Server').selectOption('braga-1')
    await expect.poll(() => new URL(page.url()).searchParams.get('server_id'), { timeout: 30_000 }).toBe(serverId)
    await page.getByLabel('Customer').fill('Livr')
    const offered = page.locator('datalist option')
    await expect.poll(() => offered.getAttribute('value'), { timeout: 30_000 }).toBe(`Livraria (${customerId})`)
    await page.getByLabel('Customer').fill(`Livraria (${customerId})`)
    await page.getByRole('button', { name: 'Of all customers again' }).getByText('Livraria').waitFor()
    expect(new URL(page.url()).searchParams.get('customer_id')).toBe(customerId)
    await page.getByRole('link', { name: 'shelf lost' }).click()
    await page.getByRole('heading', { name: 'shelf lost' }).waitFor()
    // A viewer looks: neither what customers write nor what links a phone.
    expect(await page.getByRole('button', { name: /Restart|Start|Move|More|QR/ }).count()).toBe(0)
    expect(await page.getByRole('heading', { name: /Messages|Link a phone|Test message/ }).count()).toBe(0)
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a phone is linked by the live QR code, which counts down and is renewed', async () => {
    const pairing = await openPairing(dashboard.edge)
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(`/instances/${pairing.instanceId}`)
    await page.getByRole('button', { name: 'Show a QR code' }).click()
    const picture = page.getByRole('img', { name: 'QR code to scan with WhatsApp' })
    await picture.waitFor()
    expect(await readQrCode(new Uint8Array(await picture.screenshot()))).toBe(shownQr)
    await page.getByText(/^New code in \d+ s$/).waitFor()
    const renewed = `${shownQr.slice(0, -1)}2`
    dashboard.edge.worker.answers.qr = () => ({ qr: renewed, expires_at: new Date(Date.now() + 20_000).toISOString() })
    await expect
      .poll(async () => readQrCode(new Uint8Array(await picture.screenshot())), { timeout: 20_000 })
      .toBe(renewed)
    dashboard.edge.worker.answers.qr = () => new ApiError('INSTANCE_NOT_PAIRING', 'Linked.')
    await pairing.becomes({ state: 'connected', phoneNumber: '+5511999990009' })
    await page.getByText('Connected', { exact: true }).first().waitFor()
    await page.getByText('+5511999990009').waitFor()
    await page.getByRole('heading', { name: 'Test message' }).waitFor()
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('it is started for a code by phone number, and a link for the person with the phone is made and copied', async () => {
    const pairing = await openPairing(dashboard.edge, { state: 'stopped', desired: 'stopped' })
    dashboard.edge.worker.answers.sync = () => ({})
    const visitor = await dashboard.visitAs('admin', { permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = visitor
    await page.goto(`/instances/${pairing.instanceId}`)
    await page.getByRole('button', { name: 'Use a code by phone number' }).click()
    await page.getByRole('button', { name: 'Get a code' }).click()
    await page.getByText(/Phone number must be a phone number/).waitFor()
    expect(await dashboard.edge.seed.rows('instances', { id: pairing.instanceId })).toMatchObject([
      { desired: 'running' },
    ])
    await page.getByLabel('Phone number').fill('+55 11 99999-0001')
    await page.getByRole('button', { name: 'Get a code' }).click()
    await page.getByLabel('Pairing code').getByText('ABCD1234').waitFor()

    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Create pairing link' }).click()
    await page.getByLabel('Good for').selectOption('An hour')
    await page.getByRole('button', { name: 'Create link' }).click()
    const link = (await page.getByLabel('Pairing link', { exact: true }).textContent()) ?? ''
    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link)
    const claims = await dashboard.edge.pairingLinks.verify(link.split('#')[1] ?? '')
    expect(claims).toMatchObject({ instanceId: pairing.instanceId, customerId: pairing.customerId })
    expect((claims?.expiresAt.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(3_600_000)
    const told = await dashboard.edge.seed.rows('auditLogs', { target: pairing.instanceId })
    expect(told.map(({ action }) => action).toSorted()).toEqual([
      'instance.pairing_code',
      'instance.pairing_link',
      'instance.start',
    ])
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a test message climbs from queued to read, and one that fails says why', async () => {
    const { instanceId, path } = await seedOne()
    const { seed } = dashboard.edge
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(path)
    await page.getByLabel('To', { exact: true }).fill('12')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText(/To must be a phone number/).waitFor()
    await page.getByLabel('To', { exact: true }).fill('+5511999990002')
    await page.getByRole('button', { name: 'Send' }).click()
    const reached = page.getByRole('list', { name: 'Progress of the message' }).locator('[aria-current="step"]')
    await reached.getByText('Queued').waitFor()
    const [message] = await seed.rows('messages', { instanceId })
    const becomes = (values: Partial<MemoryRows['messages']>) => seed.update('messages', { id: message!.id }, values)
    await becomes({ status: 'sent', sentAt: new Date() })
    await reached.getByText('Sent').waitFor()
    await becomes({ status: 'delivered', deliveredAt: new Date() })
    await reached.getByText('Delivered').waitFor()
    await becomes({ status: 'read', readAt: new Date() })
    await reached.getByText('Read').waitFor()
    await page.getByRole('region', { name: 'Messages' }).getByText('A test by Wharf').waitFor()

    await page.getByRole('button', { name: 'Send' }).click()
    await expect.poll(async () => (await seed.rows('messages', { instanceId })).length, { timeout: 30_000 }).toBe(2)
    await seed.update('messages', { instanceId, status: 'queued' }, { status: 'failed', failure: 'NOT_ON_WHATSAPP' })
    await page.getByText('It ended failed. The recipient has no WhatsApp account.').waitFor()

    // The database knows first: the page is told by a refusal, and shows how it is now.
    await seed.update('instances', { id: instanceId }, { state: 'disconnected', reason: 'wa-connection-lost' })
    await page.getByRole('button', { name: 'Send' }).or(page.getByText('Disconnected')).first().waitFor()
    await page.getByText('The connection to WhatsApp was lost; it reconnects by itself.').first().waitFor()
    expect(visitor.complaints.filter((text) => !text.includes('status of 409'))).toEqual([])
    await visitor.close()
  })

  test('the message log is paged and filtered by its address, and shows what strangers wrote as it is', async () => {
    const { path, ...owner } = await seedOne()
    for (const text of [...hostileNames, 'x'.repeat(4096)]) await seedMessage(owner, text)
    for (let index = 1; index <= 20; index++) await seedMessage(owner, `greeting ${index}`)
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(path)
    const log = page.getByRole('region', { name: 'Messages' })
    await log.getByText('greeting 20', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Older' }).click()
    for (const name of hostileNames) await log.getByText(name, { exact: true }).waitFor()
    expect(await page.evaluate('window.ran')).toBeUndefined()
    await page.reload()
    await log.getByText('x'.repeat(200)).first().waitFor()
    await page.getByRole('button', { name: 'Newest' }).click()
    await log.getByText('greeting 20', { exact: true }).waitFor()
    await page.getByLabel('Direction').selectOption('outbound')
    await page.getByText('No message fits.').waitFor()
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a move shows its progress until the other worker holds the instance', async () => {
    const { instanceId, path } = await seedOne()
    const { seed, workerUrl } = dashboard.edge
    const faro = await seedServer(seed, { ...lease, name: 'faro-9', url: workerUrl, incarnation: 'run-faro' })
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(path)
    await page.getByRole('button', { name: 'Move' }).click()
    await page.getByLabel('To', { exact: true }).last().selectOption(faro)
    await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
    await page.getByText(/holds it until that of faro-9 takes over/).waitFor()
    await seed.update('instanceLeases', { instanceId }, { ownerIncarnation: 'run-faro', epoch: 2 })
    await page.getByText('The worker of faro-9 holds it now.').waitFor()
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a restart that nobody answers says so; a log-out asks first; the history tells states and reasons', async () => {
    const { instanceId, customerId, path } = await seedOne()
    const { seed, worker } = dashboard.edge
    const states = ['pairing', 'connected', 'disconnected'] as const
    for (let sequence = 1; sequence <= 13; sequence++) {
      const state = states[sequence % 3] ?? 'connected'
      const reason = state === 'disconnected' ? 'wa-connection-lost' : null
      const data = { instance_id: instanceId, state, reason, reason_text: null, phone_number: null }
      const type = 'instance.state_changed' as const
      await seed.insert('events', { id: newId('event'), customerId, instanceId, sequence, type, data })
    }
    worker.answers.restart = () =>
      new ApiError('WORKER_UNAVAILABLE', 'The server of this instance does not answer now.')
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(path)
    const history = page.getByRole('list', { name: 'History' }).getByRole('listitem')
    await history.first().waitFor()
    expect(await history.count()).toBe(10)
    await page.getByText('The connection to WhatsApp was lost; it reconnects by itself.').first().waitFor()
    await page.getByRole('button', { name: 'Show older ones' }).click()
    await expect.poll(() => history.count(), { timeout: 30_000 }).toBe(13)

    await page.getByRole('button', { name: 'Restart' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click()
    await page.getByRole('dialog').getByText('The server of this instance does not answer now.').waitFor()
    worker.answers.restart = () => ({})
    await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click()
    await page.getByText('counter is restarted.').waitFor()

    worker.answers.logout = () => ({})
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await page.getByText('Nothing brings the link back.').waitFor()
    expect(worker.seen.some(({ command }) => command === 'logout')).toBe(false)
    await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
    await page.getByText('counter is logged out.').waitFor()
    await page.getByText('To stand still').waitFor()
    expect(visitor.complaints.filter((text) => !text.includes('status of 503'))).toEqual([])
    await visitor.close()
  })
})
