import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

/** A page in a browser profile of its own, with what it asked for and what the browser complained about. */
export interface WatchedPage {
  page: Page
  /** Addresses that the page has asked for. */
  requests: string[]
  /** Blocked styles and scripts, failed requests, errors. */
  complaints: string[]
  close(): Promise<void>
}

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // Whatever the page would load from elsewhere fails, as it does offline.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

/** A headless Chromium that reaches nothing but this machine's loopback. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: flags,
    // Chromium's sandbox refuses to run as root, which containers often are.
    chromiumSandbox: process.getuid?.() !== 0,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
}

/** Another page, with cookies and storage of its own. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    // The machine got or lost a network, as virtual machines bring it about: no doing of the page, which asks again.
    if (!message.text().includes('ERR_NETWORK_CHANGED')) complaints.push(message.text())
  })
  return { page, requests, complaints, close: () => context.close() }
}
