import { newId } from '#contracts/ids.ts'
import type { Demo } from './seed-demo.ts'

/** A page of the dashboard as it is opened in the demo. */
export interface PagePath {
  path: string
  /** Its first heading, by which one tells that it is there. */
  heading: string
  /** Who it is for; admins are led on from what is for strangers. */
  reader: 'admin' | 'stranger'
  /** The same page of something that was deleted. */
  gone?: string
  /** Its table has pages, which the address counts. */
  paged?: boolean
}

/** Every page of the router, by its path there. */
export function pagePaths({
  customerId,
  serverId,
  instanceId,
  webhookId,
}: Omit<Demo, 'pairingId'>): Record<string, PagePath> {
  const customer = `/customers/${customerId}`
  const inside = (path: string, heading: string, more: Partial<PagePath> = {}): PagePath => {
    return { path, heading, reader: 'admin', ...more }
  }
  return {
    '/login': inside('/login', 'Log in to Wharf', { reader: 'stranger' }),
    '/pair': inside('/pair', 'WhatsApp', { reader: 'stranger' }),
    '/': inside('/', 'Overview'),
    '/customers': inside('/customers', 'Customers', { paged: true }),
    '/customers/$customerId': inside(customer, 'Padaria do Bairro', { gone: `/customers/${newId('customer')}` }),
    '/customers/$customerId/webhooks/$webhookId': inside(
      `${customer}/webhooks/${webhookId}`,
      'https://shop.example.com/hook',
      { gone: `${customer}/webhooks/${newId('webhook')}` },
    ),
    '/servers': inside('/servers', 'Servers', { paged: true }),
    '/servers/$serverId': inside(`/servers/${serverId}`, 'sao-paulo-1', {
      gone: `/servers/${newId('server')}`,
      paged: true,
    }),
    '/instances': inside('/instances', 'Instances', { paged: true }),
    '/instances/$instanceId': inside(`/instances/${instanceId}`, 'shop', {
      gone: `/instances/${newId('instance')}`,
    }),
    '/alerts': inside('/alerts?state=all', 'Alerts', { paged: true }),
    '/usage': inside('/usage?by=customer', 'Usage', { paged: true }),
    '/audit': inside('/audit', 'Audit log', { paged: true }),
    '/admins': inside('/admins', 'Admins', { paged: true }),
    '/security': inside('/security', 'Your security'),
  }
}

/** The paths of the dashboard's router. Loaded only when asked for: it is made for browsers. */
export async function routerPaths(): Promise<string[]> {
  // No literal, since this room's types know no DOM.
  const module: string = '#dashboard/app/router.tsx'
  const { router } = (await import(module)) as { router: { routesByPath: Record<string, unknown> } }
  return Object.keys(router.routesByPath)
}
