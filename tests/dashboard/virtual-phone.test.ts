import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InstanceView, PairingCodeView } from '#contracts/http/instances.ts'
import type { MessageView } from '#contracts/http/message-view.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openPage } from '#edge/testing/open-browser.ts'
import { currentQr, whenConnected } from '#local/demo/pair-instance.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { openStack, type OpenStack } from './open-stack.ts'
import { violations } from './violations.ts'

describeInChromium('virtual phone', (chromium) => {
  let opened: OpenStack
  let stack: OpenStack['stack']
  let browser: OpenStack['browser']
  let api: OpenStack['api']
  beforeAll(async () => {
    opened = await openStack(chromium)
    ;({ stack, browser, api } = opened)
  })
  afterAll(() => opened?.close())

  const newInstance = async (name: string) => {
    const { data } = await api.request<InstanceView>('POST', '/api/v1/instances', { body: { name } })
    await currentQr(api, data.id)
    return data
  }

  test('one phone scans an instance; a message to another arrives there, is read and answered, and the ticks tell', async () => {
    const instance = await newInstance('shop')
    const visitor = await openPage(browser, { baseURL: stack.url })
    const { page } = visitor
    await page.goto('/phone')
    await page.getByText('Make a phone first.').waitFor()
    for (const name of ['Ana <b>', 'Company']) {
      await page.getByLabel('Name of a new phone').fill(name)
      await page.getByRole('button', { name: 'New phone' }).click()
      await page.getByRole('region', { name: `Phone of ${name}` }).waitFor()
    }
    await page.getByRole('button', { name: 'Linked devices' }).click()
    await page.getByText('No device is linked.').waitFor()
    await page.getByRole('button', { name: 'Link a device' }).click()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Scan shop' }).click()
    await page.getByRole('button', { name: /^Log out/ }).waitFor()
    await whenConnected(api, instance.id)

    const ana = stack.simulator!.phones().find(({ name }) => name === 'Ana <b>')
    const { data: sent } = await api.request<MessageView>('POST', `/api/v1/instances/${instance.id}/messages`, {
      body: { to: ana?.phoneNumber, type: 'text', text: { body: 'Your bread <i>is</i> ready' } },
    })
    await page.getByRole('button', { name: /Ana <b>/ }).click()
    await page.getByRole('button', { name: /Company.*Your bread <i>is<\/i> ready.*1 unread/s }).click()
    const log = page.getByRole('log', { name: 'Messages with Company' })
    await log.getByText('Your bread <i>is</i> ready').waitFor()
    const read = async () => {
      const { data } = await api.request<MessageView>('GET', `/api/v1/messages/${sent.id}`)
      return data.status === 'read'
    }
    await waitFor(read, { what: 'the message to be read', timeoutMs: 20_000, intervalMs: 100 })

    await page.getByLabel('Message', { exact: true }).fill('On my way')
    await page.getByRole('button', { name: 'Send' }).click()
    await log.getByText('On my way').waitFor()
    await log.getByText('Delivered').waitFor()
    const answers = async () => {
      const { data } = await api.request<MessageView[]>(
        'GET',
        `/api/v1/instances/${instance.id}/messages?direction=inbound`,
      )
      return data.length > 0 ? data : undefined
    }
    const [answer] = await waitFor(answers, { what: 'the answer in the API', timeoutMs: 20_000, intervalMs: 100 })
    expect(answer).toMatchObject({ from: ana?.phoneNumber, text: { body: 'On my way' } })
    expect(await violations(page)).toEqual([])
    expect(visitor.requests.filter((url) => !url.startsWith('data:') && !url.startsWith(`${stack.url}/`))).toEqual([])
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('another phone is linked by a code, and logs the instance out again', async () => {
    const instance = await newInstance('by-code')
    const phone = await stack.simulator!.makePhone({ name: 'Branch' })
    const visitor = await openPage(browser, { baseURL: stack.url, viewport: { width: 360, height: 780 } })
    const { page } = visitor
    await page.goto(`/phone?number=${encodeURIComponent(phone.phoneNumber)}`)
    await page.getByRole('button', { name: 'Linked devices' }).click()
    await page.getByRole('button', { name: 'Link a device' }).click()
    await page.getByRole('textbox', { name: 'Code' }).fill('AAAA')
    await page.getByRole('button', { name: 'Link by code' }).click()
    await page.getByText('Code must have 8 characters.').waitFor()
    const { data } = await api.request<PairingCodeView>('POST', `/api/v1/instances/${instance.id}/pairing-code`, {
      body: { phone_number: phone.phoneNumber },
    })
    await page.getByRole('textbox', { name: 'Code' }).fill(data.code)
    await page.getByRole('button', { name: 'Link by code' }).click()
    await page.getByRole('button', { name: /^Log out/ }).waitFor()
    await whenConnected(api, instance.id)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)

    await page.getByRole('button', { name: /^Log out/ }).click()
    await page.getByText('No device is linked.').waitFor()
    const loggedOut = async () => {
      const { data: view } = await api.request<InstanceView>('GET', `/api/v1/instances/${instance.id}`)
      return view.state === 'logged_out'
    }
    await waitFor(loggedOut, { what: 'the instance to be logged out', timeoutMs: 20_000, intervalMs: 100 })
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })
})
