import type { Browser, BrowserContextOptions } from 'playwright-core'
import { refreshCookie } from '#contracts/http/admin-auth.ts'
import type { AdminRole } from '#contracts/roles.ts'
import { openBrowser, openPage, type WatchedPage } from '#edge/testing/open-browser.ts'
import { openWorkerdEdge, type WorkerdEdge } from '#edge/testing/open-workerd-edge.ts'
import { seedLoggedInAdmin } from '#edge/testing/seed-logged-in-admin.ts'
import { buildLocalDashboard } from '#local/dashboard/build-dashboard.ts'
import { readPages } from '#local/dashboard/read-pages.ts'

/** The dashboard as `npm start` serves it, in a real browser, on an edge in workerd. */
export interface Dashboard {
  edge: WorkerdEdge
  url: string
  /** A browser profile where nobody is logged in. */
  visit(options?: BrowserContextOptions): Promise<WatchedPage>
  /** One where a new admin of that role is, as after a reload: by the cookie. */
  visitAs(role: AdminRole, options?: BrowserContextOptions): Promise<WatchedPage & { email: string }>
  close(): Promise<void>
}

export async function openDashboard(chromium: string): Promise<Dashboard> {
  const pages = await readPages(await buildLocalDashboard())
  const edge = await openWorkerdEdge({ pages, dashboardOrigin: undefined })
  let browser: Browser
  try {
    browser = await openBrowser(chromium)
  } catch (error) {
    await edge.close()
    throw error
  }
  const { url } = edge.edge
  const visit = (options: BrowserContextOptions = {}) => openPage(browser, { baseURL: url, ...options })
  return {
    edge,
    url,
    visit,
    async visitAs(role, options) {
      const { adminId, refreshToken } = await seedLoggedInAdmin(edge, role)
      const visitor = await visit(options)
      const cookie = { name: refreshCookie.name, value: refreshToken, domain: '127.0.0.1', path: refreshCookie.path }
      await visitor.page.context().addCookies([{ ...cookie, httpOnly: true, secure: true, sameSite: 'Strict' }])
      await visitor.page.addInitScript(`localStorage.setItem('wharf.session', '1')`)
      return { ...visitor, email: `${adminId}@example.com` }
    },
    async close() {
      await browser.close()
      await edge.close()
    },
  }
}
