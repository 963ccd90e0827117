import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildLocalDashboard } from '#local/dashboard/build-dashboard.ts'
import { readWranglerConfig } from '#local/edge/wrangler-config.ts'
import { projectRoot } from '#local/edge/bundle-edge.ts'
import { freePort } from '#local/testing/free-port.ts'
import { waitFor } from '#local/testing/wait-for.ts'

/** The build as Cloudflare Pages serves it, by its own program: `_headers` is a file that only Pages understands. */

let folder: string
let home: string
let url: string
let pages: ChildProcess
beforeAll(async () => {
  folder = await buildLocalDashboard()
  home = await mkdtemp(path.join(tmpdir(), 'wharf-pages-'))
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const { compatibilityDate } = await readWranglerConfig()
  const program = path.join(projectRoot, 'node_modules', 'wrangler', 'bin', 'wrangler.js')
  const args = ['pages', 'dev', folder, '--ip', '127.0.0.1', '--port', String(port)]
  // In a folder of its own, so that it does not take the edge's wrangler.toml for the configuration of the pages.
  pages = spawn(process.execPath, [program, ...args, '--compatibility-date', compatibilityDate], {
    cwd: home,
    env: { ...process.env, XDG_CONFIG_HOME: home, WRANGLER_SEND_METRICS: 'false' },
    stdio: 'ignore',
  })
  const what = 'wrangler pages dev to serve the build'
  await waitFor(async () => (await fetch(url)).ok, { what, timeoutMs: 90_000, intervalMs: 100 })
})
afterAll(async () => {
  if (pages !== undefined && pages.exitCode === null) {
    pages.kill()
    await once(pages, 'exit')
  }
  await rm(home, { recursive: true, force: true })
})

const policy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types 'none'`,
]
const everywhere = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

test.each(['/', '/customers?page=2', '/instances/ins_01h455vb4pex5vsknk084sn02q', '/pair'])(
  '%s is the page, with every header of the policy',
  async (address) => {
    const response = await fetch(url + address)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject(everywhere)
    expect(response.headers.get('content-security-policy')?.split('; ')).toEqual(policy)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    // Another version must be found at once.
    expect(response.headers.get('cache-control')).toContain('must-revalidate')
    expect(await response.text()).toContain('<div id="root">')
  },
)

test('what has a name of its own content is kept for a year, under the same policy', async () => {
  const assets = await readdir(path.join(folder, 'assets'))
  for (const ending of ['.js', '.css']) {
    const name = assets.find((asset) => asset.endsWith(ending))
    const response = await fetch(`${url}/assets/${name}`)
    expect(response.status, name).toBe(200)
    expect(Object.fromEntries(response.headers), name).toMatchObject({
      ...everywhere,
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringMatching(ending === '.js' ? /javascript/ : /^text\/css/),
    })
  }
})
