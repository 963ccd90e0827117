import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { openBrowser } from '#edge/testing/open-browser.ts'
import { createApiClient, type ApiClient } from '#local/client/api-client.ts'
import { createCustomer } from '#local/stack/create-customer.ts'
import { silentProgress } from '#local/stack/progress.ts'
import { startStack, type Stack } from '#local/stack/start-stack.ts'

/** The whole local stack with real workers, its pages, and a browser to look at them. */
export interface OpenStack {
  stack: Stack
  browser: Browser
  /** Of a customer with room for ten instances. */
  api: ApiClient
  close(): Promise<void>
}

/** `chromium` is the path of the program. */
export async function openStack(chromium: string): Promise<OpenStack> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-e2e-'))
  const stack = await startStack({ dataDir, dashboard: true }, silentProgress)
  const browser = await openBrowser(chromium)
  const { apiKey } = await createCustomer(stack.customers, { name: 'Padaria do Bairro', plan: 'business' })
  return {
    stack,
    browser,
    api: createApiClient(stack.url, apiKey),
    async close() {
      await browser.close()
      await stack.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
