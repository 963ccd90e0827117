import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InstanceView } from '#contracts/http/instances.ts'
import type { PairingLinkView } from '#contracts/http/pairing.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { openPage } from '#edge/testing/open-browser.ts'
import { readQrCode } from '#edge/testing/read-qr-code.ts'
import { openStack, type OpenStack } from './open-stack.ts'

describeInChromium('a customer sends a pairing link', (chromium) => {
  let opened: OpenStack
  let stack: OpenStack['stack']
  let browser: OpenStack['browser']
  let api: OpenStack['api']
  beforeAll(async () => {
    opened = await openStack(chromium)
    ;({ stack, browser, api } = opened)
  })
  afterAll(() => opened?.close())

  const newLink = async (name: string) => {
    const { data: instance } = await api.request<InstanceView>('POST', '/api/v1/instances', { body: { name } })
    const { data: link } = await api.request<PairingLinkView>('POST', `/api/v1/instances/${instance.id}/pairing-link`, {
      body: {},
    })
    return { instance, url: link.url }
  }
  const stateOf = async ({ id }: InstanceView) =>
    (await api.request<InstanceView>('GET', `/api/v1/instances/${id}`)).data

  test('a phone scans what the page shows', async () => {
    const { instance, url } = await newLink('by-qr')
    const phone = await stack.simulator!.makePhone({ name: 'Company' })
    const visitor = await openPage(browser, { locale: 'pt-BR' })
    await visitor.page.goto(url)
    const qr = visitor.page.getByRole('img', { name: 'Código QR para escanear com o WhatsApp' })
    await qr.waitFor()
    await phone.scan((await readQrCode(new Uint8Array(await qr.screenshot()))) ?? '')
    await visitor.page.getByRole('heading', { name: 'O WhatsApp está conectado' }).waitFor()
    expect(await stateOf(instance)).toMatchObject({ state: 'connected', phone_number: phone.phoneNumber })
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a person types the code of the page on the phone', async () => {
    const { instance, url } = await newLink('by-code')
    const phone = await stack.simulator!.makePhone({ name: 'Company' })
    const visitor = await openPage(browser, { locale: 'es-ES' })
    const { page } = visitor
    await page.goto(url)
    await page.getByRole('button', { name: 'Usar un código' }).click()
    await page.getByLabel('Número de WhatsApp').fill(phone.phoneNumber)
    await page.getByRole('button', { name: 'Obtener código' }).click()
    await page.getByRole('heading', { name: 'Tu código' }).waitFor()
    await phone.enterCode((await page.getByRole('status', { name: 'Tu código' }).textContent()) ?? '')
    await page.getByRole('heading', { name: 'WhatsApp está vinculado' }).waitFor()
    expect(await stateOf(instance)).toMatchObject({ state: 'connected', phone_number: phone.phoneNumber })
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })
})
