import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { errorCodes } from '#contracts/errors.ts'
import { eventTypes } from '#contracts/events.ts'
import { routeTable } from './routes/route-table.ts'
import { describeInChromium } from './testing/describe-in-chromium.ts'
import { openBrowser, openPage, type WatchedPage } from './testing/open-browser.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'

describeInChromium('/docs in a browser without a network', (chromium) => {
  let edge: WorkerdEdge
  let browser: Browser
  let watched: WatchedPage
  beforeAll(async () => {
    edge = await openWorkerdEdge()
    browser = await openBrowser(chromium)
    watched = await openPage(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await edge?.close()
  })
  beforeEach(() => look({ width: 1280 }))

  const look = async ({
    width,
    media = 'screen',
    scheme = 'light',
  }: {
    width: number
    media?: 'screen' | 'print'
    scheme?: 'light' | 'dark'
  }) => {
    await watched.page.setViewportSize({ width, height: 900 })
    await watched.page.emulateMedia({ media, colorScheme: scheme })
    await watched.page.goto(`${edge.edge.url}/docs`)
  }
  const evaluate = <T>(expression: string) => watched.page.evaluate<T>(expression)
  const styleOf = (selector: string, property: string) =>
    evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`)

  it('asks for nothing but itself, and its own policy lets it show itself', async () => {
    expect(new Set(watched.requests.filter((url) => !url.startsWith('data:')))).toEqual(
      new Set([`${edge.edge.url}/docs`]),
    )
    expect(watched.complaints).toEqual([])
    expect(await styleOf('body', 'display')).toBe('grid')
    expect(await evaluate('document.scripts.length')).toBe(0)
  })

  it('shows every endpoint, event and error code', async () => {
    const ids = await evaluate<string[]>(`[...document.querySelectorAll('[id]')].map(({ id }) => id)`)
    expect(ids).toEqual(expect.arrayContaining(routeTable.map(({ contract }) => `operation-${contract.id}`)))
    expect(ids).toEqual(expect.arrayContaining(errorCodes.map((code) => `error-${code}`)))
    expect(new Set(ids).size).toBe(ids.length)
    const text = await evaluate<string>('document.body.textContent')
    for (const type of eventTypes) expect(text).toContain(type)
  })

  it('has no link that leads nowhere', async () => {
    const broken = `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.hash.slice(1)).filter((id) => !document.getElementById(id))`
    expect(await evaluate(broken)).toEqual([])
  })

  it.each([320, 390, 768, 1280])('fits a window of %i pixels', async (width) => {
    await look({ width })
    expect(await evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    expect(await styleOf('nav.side', 'display')).toBe(width < 800 ? 'none' : 'block')
  })

  it('follows the colour scheme of the reader', async () => {
    const light = await styleOf('body', 'backgroundColor')
    await look({ width: 1280, scheme: 'dark' })
    expect(light).toBe('rgb(255, 255, 255)')
    expect(await styleOf('body', 'backgroundColor')).toBe('rgb(18, 22, 27)')
  })

  it('prints without its navigation, and with what is folded', async () => {
    await look({ width: 1000, media: 'print' })
    expect(await styleOf('nav.side', 'display')).toBe('none')
    expect(await evaluate(`document.querySelector('main details pre').checkVisibility()`)).toBe(true)
  })

  it('is led through by the keyboard, to its content first', async () => {
    await watched.page.keyboard.press('Tab')
    expect(await evaluate('document.activeElement.hash')).toBe('#content')
    expect(await evaluate('document.activeElement.getBoundingClientRect().left')).toBe(0)
  })
})
