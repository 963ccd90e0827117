import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { describeInChromium } from '#edge/testing/describe-in-chromium.ts'
import { readQrCode } from '#edge/testing/read-qr-code.ts'
import { openDashboard, type Dashboard } from './open-dashboard.ts'
import { openPairing, shownQr } from './open-pairing.ts'
import { hostileNames } from './seed-demo.ts'
import { violations } from './violations.ts'

/** What a person reads in each language, with a browser that asks for it. */
const languages = [
  {
    locale: 'en-GB',
    qr: 'QR code to scan with WhatsApp',
    useCode: 'Use a code instead',
    number: 'WhatsApp number',
    wrong: 'WhatsApp number has to begin with + and the country code.',
    getCode: 'Get a code',
    connecting: 'Your phone has accepted',
    linked: 'WhatsApp is linked',
    expired: 'This link is no longer good',
  },
  {
    locale: 'pt-BR',
    qr: 'Código QR para escanear com o WhatsApp',
    useCode: 'Usar um código',
    number: 'Número do WhatsApp',
    wrong: 'Número do WhatsApp precisa começar com + e o código do país.',
    getCode: 'Gerar código',
    connecting: 'Seu celular aceitou',
    linked: 'O WhatsApp está conectado',
    expired: 'Este link não vale mais',
  },
  {
    locale: 'es-MX',
    qr: 'Código QR para escanear con WhatsApp',
    useCode: 'Usar un código',
    number: 'Número de WhatsApp',
    wrong: 'Número de WhatsApp debe empezar con + y el código de país.',
    getCode: 'Obtener código',
    connecting: 'Tu teléfono ha aceptado',
    linked: 'WhatsApp está vinculado',
    expired: 'Este enlace ya no es válido',
  },
]

describeInChromium('pairing page', (chromium) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(chromium)
  })
  afterAll(() => dashboard?.close())

  test.each(languages)(
    'leads through the pairing in $locale, on a phone, and tells nobody the token',
    async (texts) => {
      const pairing = await openPairing(dashboard.edge)
      const visitor = await dashboard.visit({ locale: texts.locale, viewport: { width: 360, height: 780 } })
      const { page } = visitor
      const referers: string[] = []
      page.on('request', (request) => referers.push(request.headers()['referer'] ?? ''))
      await page.goto(pairing.path)
      await page.getByRole('heading', { name: 'Padaria do Bairro' }).waitFor()
      const qr = page.getByRole('img', { name: texts.qr })
      await qr.waitFor()
      expect(await readQrCode(new Uint8Array(await qr.screenshot()))).toBe(shownQr)
      expect(await page.evaluate('document.documentElement.lang')).toBe(texts.locale.slice(0, 2))
      expect(await violations(page)).toEqual([])

      await page.getByRole('button', { name: texts.useCode }).click()
      await page.getByLabel(texts.number).fill('98765-4321')
      await page.getByRole('button', { name: texts.getCode }).click()
      await page.getByText(texts.wrong).waitFor()
      expect(await violations(page)).toEqual([])
      await page.getByLabel(texts.number).fill('00 55 (11) 98765-4321')
      await page.getByRole('button', { name: texts.getCode }).click()
      await page.getByText('ABCD', { exact: true }).waitFor()
      await page.getByText('1234', { exact: true }).waitFor()
      const asked = dashboard.edge.worker.seen.filter(({ command }) => command === 'pairing-code')
      expect(asked.at(-1)?.request).toMatchObject({ phone_number: '+5511987654321' })
      expect(await violations(page)).toEqual([])

      await pairing.becomes({ state: 'connecting' })
      await page.getByText(texts.connecting).waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      await pairing.becomes({ state: 'connected', phoneNumber: '+5511987654321' })
      await page.getByRole('heading', { name: texts.linked }).waitFor()
      expect(await violations(page)).toEqual([])

      expect(visitor.requests.slice(1).filter((url) => url.includes(pairing.token))).toEqual([])
      expect(referers.join(' ')).not.toContain(pairing.token)
      expect(JSON.stringify(dashboard.edge.log)).not.toContain(pairing.token)
      expect(visitor.complaints).toEqual([])
      await visitor.close()
    },
  )

  test.each(languages)('says in $locale that a link has expired', async ({ locale, expired }) => {
    const { customerId, instanceId } = await openPairing(dashboard.edge)
    const expiresAt = new Date(Date.now() - 60_000)
    const token = await dashboard.edge.pairingLinks.sign({ customerId, instanceId, expiresAt })
    const visitor = await dashboard.visit({ locale, colorScheme: 'dark' })
    for (const path of [`/pair#${token}`, '/pair', '/pair#no-token']) {
      await visitor.page.goto(path)
      await visitor.page.getByRole('heading', { name: expired }).waitFor()
    }
    expect(await violations(visitor.page)).toEqual([])
    await visitor.close()
  })

  test('the person can choose another language than the browser, and a reload keeps it', async () => {
    const { path } = await openPairing(dashboard.edge)
    const visitor = await dashboard.visit({ locale: 'de-DE' })
    const { page } = visitor
    await page.goto(path)
    await page.getByRole('img', { name: 'QR code to scan with WhatsApp' }).waitFor()
    await page.getByLabel('Language').selectOption('Español')
    await page.getByRole('img', { name: 'Código QR para escanear con WhatsApp' }).waitFor()
    await page.reload()
    await page.getByRole('img', { name: 'Código QR para escanear con WhatsApp' }).waitFor()
    await visitor.close()
  })

  test.each(hostileNames)('shows the name %s as it is', async (name) => {
    const { path } = await openPairing(dashboard.edge, { customer: name })
    const visitor = await dashboard.visit({ viewport: { width: 360, height: 780 } })
    await visitor.page.goto(path)
    await visitor.page.locator('h1').getByText(name, { exact: true }).waitFor()
    await visitor.page.getByText(`Once linked, ${name} can`).waitFor()
    expect(await visitor.page.evaluate('window.ran')).toBeUndefined()
    expect(await visitor.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('a pairing that ended says why, and begins anew when the person wants', async () => {
    const pairing = await openPairing(dashboard.edge)
    const visitor = await dashboard.visit()
    const { page } = visitor
    await page.goto(pairing.path)
    await page.getByRole('img', { name: 'QR code' }).waitFor()
    const ends = [
      ['passkey-required', 'failed', 'WhatsApp asks for a passkey', 'Try again'],
      ['pairing-failed', 'failed', 'The phone could not link', 'Try again'],
      ['qr-expired', 'stopped', 'No phone scanned the code in time', 'Get a new code'],
    ] as const
    for (const [reason, state, title, action] of ends) {
      await pairing.becomes({ state, reason })
      await page.getByRole('heading', { name: title }).waitFor()
      expect(await violations(page)).toEqual([])
      // What the worker does when it is told to start: meanwhile the page waits, without the old reason.
      await page.getByRole('button', { name: action }).click()
      await page.getByText('Preparing a code for your phone').waitFor()
      await pairing.becomes({ state: 'pairing', reason: null })
      await page.getByRole('img', { name: 'QR code' }).waitFor()
    }
    await visitor.close()
  })

  test('an instance that was never started is started by opening the link', async () => {
    const pairing = await openPairing(dashboard.edge, { state: 'created', desired: 'stopped' })
    const visitor = await dashboard.visit()
    const { page } = visitor
    const started = page.waitForResponse('**/api/pair/start')
    await page.goto(pairing.path)
    expect((await started).status()).toBe(202)
    await page.getByText('Preparing a code for your phone').waitFor()
    const [instance] = await dashboard.edge.seed.rows('instances', { id: pairing.instanceId })
    expect(instance?.desired).toBe('running')
    await visitor.close()
  })

  test('what only others can mend is said without a button', async () => {
    const suspended = await openPairing(dashboard.edge)
    await dashboard.edge.seed.update('customers', { id: suspended.customerId }, { status: 'suspended' })
    const visitor = await dashboard.visit()
    const { page } = visitor
    await page.goto(suspended.path)
    await page.getByRole('heading', { name: 'Linking is paused' }).waitFor()
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0)

    const stopped = await openPairing(dashboard.edge, {
      state: 'stopped',
      desired: 'stopped',
      phoneNumber: '+5511999990009',
    })
    await page.goto(stopped.path)
    await page.getByRole('heading', { name: 'Linking was stopped' }).waitFor()
    await visitor.close()
  })

  test('a service or a network that is away is waited for, and no stale code stays', async () => {
    const { path } = await openPairing(dashboard.edge)
    const { database } = dashboard.edge.neighbours
    const visitor = await dashboard.visit()
    const { page } = visitor
    await page.goto(path)
    await page.getByRole('img', { name: 'QR code' }).waitFor()
    // The stream ends with the worker: then the page asks anew, and the database does not answer.
    dashboard.edge.worker.answers.qr = () => undefined as never
    database.mode = 'refusing'
    await page.getByText('The service does not answer right now.').waitFor()
    expect(await page.getByRole('img', { name: 'QR code' }).count()).toBe(0)

    await page.context().setOffline(true)
    database.mode = 'passing'
    await page.getByText('There is no connection.').waitFor()
    dashboard.edge.worker.answers.qr = () => ({ qr: shownQr, expires_at: new Date(Date.now() + 50_000).toISOString() })
    await page.context().setOffline(false)
    await page.getByRole('img', { name: 'QR code' }).waitFor()
    expect(await page.getByText('There is no connection.').count()).toBe(0)
    await visitor.close()
  })

  test('a code that WhatsApp refuses is explained', async () => {
    const { path } = await openPairing(dashboard.edge)
    dashboard.edge.worker.answers['pairing-code'] = () => new ApiError('PAIRING_REFUSED', 'refused')
    const visitor = await dashboard.visit()
    const { page } = visitor
    await page.goto(path)
    await page.getByRole('button', { name: 'Use a code instead' }).click()
    await page.getByLabel('WhatsApp number').fill('+5511987654321')
    await page.getByRole('button', { name: 'Get a code' }).click()
    await page.getByRole('alert').getByText('WhatsApp made no code for this number.').waitFor()
    await visitor.close()
  })
})
