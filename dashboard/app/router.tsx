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
import { auditSearch } from '#dashboard/features/audit/audit-search.ts'
import { customersSearch } from '#dashboard/features/customers/customers-search.ts'
import { adminsSearch } from '#dashboard/features/admins/admins-search.ts'
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
  beforeLoad() {
    throw redirect({ to: '/customers', replace: true })
  },
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
  auditRoute,
  adminsRoute,
  securityRoute,
])

export const router = createRouter({
  routeTree: rootRoute.addChildren([logInRoute, inside]),
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
