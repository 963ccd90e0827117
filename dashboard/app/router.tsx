import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  stripSearchParams,
} from '@tanstack/react-router'
import { z } from 'zod'
import { alertsSearch } from '#dashboard/features/alerts/alerts-search.ts'
import { auditSearch } from '#dashboard/features/audit/audit-search.ts'
import { customersSearch } from '#dashboard/features/customers/customers-search.ts'
import { adminsSearch } from '#dashboard/features/admins/admins-search.ts'
import { overviewSearch } from '#dashboard/features/overview/overview-search.ts'
import { instanceSearch, instancesSearch } from '#dashboard/features/instances/instances-search.ts'
import { serverSearch, serversSearch } from '#dashboard/features/servers/servers-search.ts'
import { usageSearch } from '#dashboard/features/usage/usage-search.ts'
import { webhookSearch } from '#dashboard/features/webhooks/webhook-search.ts'
import { restoreSession } from '#dashboard/lib/session.ts'
import { AppLayout } from './AppLayout.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import { PageFailed } from './PageFailed.tsx'
import { Splash } from './Splash.tsx'

const rootRoute = createRootRoute({ component: Outlet })

const logInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: z.object({ next: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('#dashboard/features/auth/components/LogInPage.tsx'), 'LogInPage'),
})

/** For people without an account: nothing of the log-in is asked or loaded for it. */
const pairRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/pair',
  component: lazyRouteComponent(() => import('#dashboard/features/pairing/components/PairingPage.tsx'), 'PairingPage'),
})

/** Everything that only an admin sees. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  async beforeLoad({ location }) {
    if (await restoreSession()) return
    throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } })
  },
  component: AppLayout,
})

const homeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/',
  validateSearch: overviewSearch.schema,
  search: { middlewares: [stripSearchParams(overviewSearch.defaults)] },
  component: lazyRouteComponent(
    () => import('#dashboard/features/overview/components/OverviewPage.tsx'),
    'OverviewPage',
  ),
})

const customersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/customers',
  validateSearch: customersSearch.schema,
  search: { middlewares: [stripSearchParams(customersSearch.defaults)] },
  component: lazyRouteComponent(
    () => import('#dashboard/features/customers/components/CustomersPage.tsx'),
    'CustomersPage',
  ),
})

const customerRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/customers/$customerId',
  component: lazyRouteComponent(
    () => import('#dashboard/features/customers/components/CustomerPage.tsx'),
    'CustomerPage',
  ),
})

const webhookRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/customers/$customerId/webhooks/$webhookId',
  validateSearch: webhookSearch,
  component: lazyRouteComponent(() => import('#dashboard/features/webhooks/components/WebhookPage.tsx'), 'WebhookPage'),
})

const serversRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/servers',
  validateSearch: serversSearch.schema,
  search: { middlewares: [stripSearchParams(serversSearch.defaults)] },
  component: lazyRouteComponent(() => import('#dashboard/features/servers/components/ServersPage.tsx'), 'ServersPage'),
})

const serverRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/servers/$serverId',
  validateSearch: serverSearch.schema,
  search: { middlewares: [stripSearchParams(serverSearch.defaults)] },
  component: lazyRouteComponent(() => import('#dashboard/features/servers/components/ServerPage.tsx'), 'ServerPage'),
})

const alertsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/alerts',
  validateSearch: alertsSearch.schema,
  search: { middlewares: [stripSearchParams(alertsSearch.defaults)] },
  component: lazyRouteComponent(() => import('#dashboard/features/alerts/components/AlertsPage.tsx'), 'AlertsPage'),
})

const instancesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/instances',
  validateSearch: instancesSearch.schema,
  search: { middlewares: [stripSearchParams(instancesSearch.defaults)] },
  component: lazyRouteComponent(
    () => import('#dashboard/features/instances/components/InstancesPage.tsx'),
    'InstancesPage',
  ),
})

const instanceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/instances/$instanceId',
  validateSearch: instanceSearch.schema,
  component: lazyRouteComponent(
    () => import('#dashboard/features/instances/components/InstancePage.tsx'),
    'InstancePage',
  ),
})

const usageRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/usage',
  validateSearch: usageSearch.schema,
  search: { middlewares: [stripSearchParams(usageSearch.defaults)] },
  component: lazyRouteComponent(() => import('#dashboard/features/usage/components/UsagePage.tsx'), 'UsagePage'),
})

const auditRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/audit',
  validateSearch: auditSearch.schema,
  search: { middlewares: [stripSearchParams(auditSearch.defaults)] },
  component: lazyRouteComponent(() => import('#dashboard/features/audit/components/AuditPage.tsx'), 'AuditPage'),
})

const adminsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/admins',
  validateSearch: adminsSearch.schema,
  search: { middlewares: [stripSearchParams(adminsSearch.defaults)] },
  component: lazyRouteComponent(() => import('#dashboard/features/admins/components/AdminsPage.tsx'), 'AdminsPage'),
})

const securityRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/security',
  component: lazyRouteComponent(
    () => import('#dashboard/features/security/components/SecurityPage.tsx'),
    'SecurityPage',
  ),
})

const inside = insideRoute.addChildren([
  homeRoute,
  customersRoute,
  customerRoute,
  webhookRoute,
  serversRoute,
  serverRoute,
  instancesRoute,
  instanceRoute,
  alertsRoute,
  usageRoute,
  auditRoute,
  adminsRoute,
  securityRoute,
])

export const router = createRouter({
  routeTree: rootRoute.addChildren([logInRoute, pairRoute, inside]),
  defaultPreload: 'intent',
  defaultPendingComponent: Splash,
  defaultPendingMs: 0,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
