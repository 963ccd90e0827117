import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, type ServerId } from '#contracts/ids.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { seedServerMinutes } from './seed-traffic.ts'

describeInChromium('servers in the dashboard', (chromium) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
  })
  afterAll(() => dashboard?.close())

  const lease = { incarnation: 'run-1', leaseExpiresAt: new Date(Date.now() + 3_600_000) }

  /** What a worker does with the command that it is started by. */
  const enroll = async (command: string) => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const token = /wet_\w+/.exec(command)?.[0]
    const figures = { public_key: publicKey.export({ format: 'jwk' }).x, version: '0.1.0', cpu_cores: 8, ram_gb: 16 }
    const answer = await dashboard.edge.request('/internal/enroll', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, ...figures }),
    })
    return answer.status
  }

  test('a server is added, waits for its worker, gets a new token, and is shown active once that has enrolled', async () => {
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto('/servers')
    await page.getByRole('button', { name: 'Add server' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: 'Add server' }).click()
    await form.getByText('Name must have at least 3 characters.').waitFor()
    await form.getByText(/Address must be an address/).waitFor()
    await form.getByText('Capacity must be a number.').waitFor()
    await form.getByLabel('Name').fill('lisboa-1')
    await form.getByLabel('Address', { exact: true }).fill('https://lisboa-1.example.com/')
    await form.getByLabel('Region').fill('eu-west')
    await form.getByLabel('Capacity').fill('120')
    await form.getByLabel('IP address').fill('203.0.113.9')
    await form.getByRole('button', { name: 'Add server' }).click()

    const command = page.getByLabel('Enrollment command')
    await page.getByText('Waiting for the worker …').waitFor()
    const first = (await command.textContent()) ?? ''
    await page.getByRole('button', { name: 'New token' }).click()
    await expect.poll(() => command.textContent(), { timeout: 30_000 }).not.toBe(first)
    expect(await enroll(first)).toBe(401)
    expect(await enroll((await command.textContent()) ?? '')).toBe(200)
    await page.getByText('Its worker has enrolled; waiting for it to take up its work …').waitFor()
    await dashboard.edge.seed.update('servers', { name: 'lisboa-1' }, lease)
    await page.getByText('Its worker is there: the server is active and takes instances.').waitFor()

    await page.getByRole('button', { name: 'Open the server' }).click()
    await page.getByRole('heading', { name: 'lisboa-1' }).waitFor()
    await page.getByText('16 GB').waitFor()
    await page.getByText('Healthy', { exact: true }).waitFor()
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a drain is confirmed, shows its progress while it goes on, and is followed by removing the server', async () => {
    const { seed } = dashboard.edge
    const customerId = await seedCustomer(seed, { name: 'Padaria' })
    const serverId = await seedServer(seed, { ...lease, name: 'porto-1', region: 'eu-west', enrolledAt: new Date() })
    const other = await seedServer(seed, { ...lease, name: 'porto-2', region: 'eu-west', enrolledAt: new Date() })
    const instances = [newId('instance'), newId('instance')]
    for (const id of instances) await seedInstance(seed, { customerId, serverId }, { id, name: `shop ${id}` })
    const handOver = (instanceId: (typeof instances)[number] | undefined, to: ServerId) => {
      if (instanceId === undefined) throw new Error('There is no such instance.')
      return seed.update('instanceLeases', { instanceId }, { serverId: to, ownerIncarnation: null })
    }

    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(`/servers/${serverId}`)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByText('Drain it first, and remove it when the drain is done.').waitFor()
    await page.getByRole('button', { name: 'Drain it' }).click()
    await page.getByRole('dialog', { name: 'Drain this server?' }).getByRole('button', { name: 'Drain' }).click()
    await page.getByText('Draining', { exact: true }).first().waitFor()
    await handOver(instances[0], other)
    await page.getByText('1 of 2 instances to go, 1 connected.').waitFor()
    await handOver(instances[1], other)
    await page.getByText('2 instances gone, none remains.').waitFor()
    await page.getByText('No instance is on this server.').waitFor()

    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByLabel(/Type "porto-1"/).fill('porto-1')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('heading', { name: 'Servers' }).waitFor()
    await page.getByRole('link', { name: 'porto-2' }).waitFor()
    expect(await page.getByRole('link', { name: 'porto-1' }).count()).toBe(0)
    // What is deleted is gone under its address too.
    await page.goto(`/servers/${serverId}`)
    await page.getByText('It may have been deleted meanwhile.').waitFor()
    expect(visitor.complaints.filter((text) => !text.includes('status of 404'))).toEqual([])
    await visitor.close()
  })

  test('maintenance tells its reason to others, a refused change says why, and a viewer is offered none', async () => {
    const { seed } = dashboard.edge
    const serverId = await seedServer(seed, { ...lease, name: 'faro-1', region: 'eu-west', enrolledAt: new Date() })
    const visitor = await dashboard.visitAs('admin')
    const { page } = visitor
    await page.goto(`/servers/${serverId}`)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Maintenance' }).click()
    await page.getByLabel('Reason').fill('New disk <b>on Monday</b>')
    await page.getByRole('button', { name: 'Begin maintenance' }).click()
    await page.getByText('New disk <b>on Monday</b>').waitFor()

    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Name').fill('faro-2')
    await page.getByLabel('Capacity').fill('0')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Capacity must be at least 1.').waitFor()
    await page.getByLabel('Capacity').fill('5')
    // Another server has that name: the API alone knows.
    await seedServer(seed, { ...lease, name: 'faro-2' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText(/name/).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Activate' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click()
    await page.getByText('faro-1 is active and takes instances.').waitFor()
    expect(visitor.complaints.filter((text) => !text.includes('status of 4'))).toEqual([])
    await visitor.close()

    const viewer = await dashboard.visitAs('viewer')
    await viewer.page.goto(`/servers/${serverId}`)
    await viewer.page.getByRole('heading', { name: 'faro-1' }).waitFor()
    expect(await viewer.page.getByRole('button', { name: /Edit|Drain|More/ }).count()).toBe(0)
    await viewer.close()
  })

  test('its charts tell how it did over the chosen time, which the address holds', async () => {
    const { seed } = dashboard.edge
    const serverId = await seedServer(seed, { ...lease, name: 'braga-1' })
    const other = await seedServer(seed, { ...lease, name: 'braga-2' })
    await seedServerMinutes(seed, serverId)
    const visitor = await dashboard.visitAs('viewer')
    const { page } = visitor
    await page.goto(`/servers/${serverId}`)
    const told = async (chart: string) => {
      const slider = page.getByRole('slider', { name: chart })
      await slider.press('End')
      return slider.getAttribute('aria-valuetext')
    }
    expect(await told('Processor and memory')).toMatch(/Processor [1-5]\d(\.\d+)?%, Memory 5\d(\.\d+)?%$/)
    expect(await told('Disk')).toContain('Full 18%')
    expect(await told('Lag of the event loop')).toMatch(/99 of 100 within \d(\.\d)? ms$/)
    expect(await told('Sessions')).toContain('Connected 58')
    expect(await told('Messages per minute')).toMatch(/Sent \d+, Received \d+$/)
    expect(await told('Failed per minute')).toMatch(/Failed [02]$/)

    await page.getByRole('button', { name: '24 hours' }).click()
    await page.waitForURL('**?range=24h')
    await page.reload()
    const points = () => page.getByRole('slider', { name: 'Disk' }).getAttribute('aria-valuemax')
    await expect.poll(points, { timeout: 30_000 }).toBe('94')
    await page.goto(`/servers/${other}`)
    await page.getByText('Its worker told nothing in this time.').first().waitFor()
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })
})
