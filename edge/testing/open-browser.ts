import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { WebSocket } from 'ws'
import { waitFor } from '#local/testing/wait-for.ts'

/** One page of a headless Chromium that reaches nothing but this machine's loopback. */
export interface Browser {
  /** Resolves when the page is loaded. */
  open(url: string): Promise<void>
  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>
  /** Any command of the DevTools protocol. */
  send(method: string, params?: object): Promise<Record<string, unknown>>
  /** Addresses that the page has asked for. */
  requests: string[]
  /** What the browser complained about: blocked styles and scripts, failed requests, errors. */
  complaints: string[]
  close(): Promise<void>
}

export async function openBrowser(chromium: string): Promise<Browser> {
  const profile = await mkdtemp(path.join(tmpdir(), 'wharf-browser-'))
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore' })
  const ended = once(browser, 'exit')
  const close = async () => {
    browser.kill()
    await ended
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const page = await openPage(await debuggerOf(profile))
    return { ...page, close: () => (page.leave(), close()) }
  } catch (error) {
    await close()
    throw error
  }
}

const flags = [
  '--headless',
  '--remote-debugging-port=0',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // Whatever the page would load from elsewhere fails, as it does offline.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  // Chromium's sandbox refuses to run as root, which containers often are.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** Where the page's debugger listens. The browser writes its port into its profile once it listens. */
async function debuggerOf(profile: string): Promise<string> {
  const port = await waitFor(
    async () => (await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')[0],
    { what: 'the browser to start', timeoutMs: 30_000 },
  )
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as Target[]
  const page = targets.find(({ type }) => type === 'page')
  if (page === undefined) throw new Error('The browser opened no page.')
  return page.webSocketDebuggerUrl
}

interface Target {
  type: string
  webSocketDebuggerUrl: string
}

interface Incoming {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { message: string }
}

async function openPage(debuggerUrl: string): Promise<Omit<Browser, 'close'> & { leave(): void }> {
  const socket = new WebSocket(debuggerUrl)
  await once(socket, 'open')
  const waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>()
  const requests: string[] = []
  const complaints: string[] = []
  let loads = 0
  let lastId = 0

  socket.on('message', (data: Buffer) => {
    const { id, method, params = {}, result = {}, error } = JSON.parse(data.toString()) as Incoming
    if (id !== undefined) {
      if (error === undefined) waiting.get(id)?.resolve(result)
      else waiting.get(id)?.reject(new Error(error.message))
      waiting.delete(id)
    }
    if (method === 'Page.loadEventFired') loads++
    if (method === 'Network.requestWillBeSent') requests.push((params['request'] as { url: string }).url)
    if (method === 'Log.entryAdded') complaints.push((params['entry'] as { text: string }).text)
    if (method === 'Runtime.exceptionThrown') complaints.push(JSON.stringify(params))
  })

  const send = (method: string, params: object = {}) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const id = ++lastId
      waiting.set(id, { resolve, reject })
      socket.send(JSON.stringify({ id, method, params }))
    })
  for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await send(`${domain}.enable`)
  return {
    requests,
    complaints,
    send,
    async open(url) {
      const before = loads
      await send('Page.navigate', { url })
      await waitFor(() => loads > before, { what: `${url} to load`, timeoutMs: 20_000 })
    },
    async evaluate<T>(expression: string) {
      const { result } = await send('Runtime.evaluate', { expression, returnByValue: true })
      return (result as { value: T }).value
    },
    leave: () => socket.close(),
  }
}
