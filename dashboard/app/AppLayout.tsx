import { useIsFetching } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Bell, Building2, ChartColumn, LayoutDashboard, ScrollText, Server, Smartphone, UserCog } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { AdminRole } from '#contracts/roles.ts'
import { Logo } from '#dashboard/components/Logo.tsx'
import { OpenAlertsCount } from '#dashboard/features/alerts/components/OpenAlertsCount.tsx'
import { useMay } from '#dashboard/lib/session.ts'
import { AccountMenu } from '#dashboard/features/auth/components/AccountMenu.tsx'

const places = [
  { to: '/', text: 'Overview', icon: LayoutDashboard, role: 'viewer' },
  { to: '/customers', text: 'Customers', icon: Building2, role: 'viewer' },
  { to: '/servers', text: 'Servers', icon: Server, role: 'viewer' },
  { to: '/instances', text: 'Instances', icon: Smartphone, role: 'viewer' },
  { to: '/alerts', text: 'Alerts', icon: Bell, role: 'viewer' },
  { to: '/usage', text: 'Usage', icon: ChartColumn, role: 'viewer' },
  { to: '/audit', text: 'Audit log', icon: ScrollText, role: 'admin' },
  { to: '/admins', text: 'Admins', icon: UserCog, role: 'super_admin' },
] as const satisfies { to: string; text: string; icon: unknown; role: AdminRole }[]

/** Navigation beside the page; above it on a phone, where it scrolls to the place that is open. */
export function AppLayout() {
  const nav = useRef<HTMLElement>(null)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  useEffect(() => {
    nav.current?.querySelector('[data-status=active]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [path])
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <Progress />
      <header className="flex items-center gap-2 border-line bg-surface px-3 py-2 max-md:border-b md:sticky md:top-0 md:h-dvh md:flex-col md:items-stretch md:gap-6 md:border-r md:py-4">
        <Link
          to="/"
          className="flex items-center gap-2 rounded-md px-1 font-semibold md:px-2"
          aria-label="Wharf, start"
        >
          <Logo className="size-7" />
          <span className="max-md:hidden">Wharf</span>
        </Link>
        <nav ref={nav} aria-label="Main" className="relative flex min-w-0 flex-1 gap-1 overflow-x-auto md:flex-col">
          {places.map((place) => (
            <Place key={place.to} {...place} />
          ))}
        </nav>
        <AccountMenu />
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl min-w-0 px-4 py-5 outline-none md:px-8 md:py-7"
      >
        <Outlet />
      </main>
    </div>
  )
}

function Place({ to, text, icon: Icon, role }: (typeof places)[number]) {
  if (!useMay(role)) return null
  return (
    <Link
      to={to}
      activeOptions={{ includeSearch: false, exact: to === '/' }}
      className="flex min-h-9 items-center gap-2.5 rounded-md px-2.5 font-medium whitespace-nowrap text-muted hover:bg-sunken hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:text-accent-strong"
    >
      <Icon aria-hidden className="size-4 shrink-0 max-sm:hidden" />
      {text}
      {to === '/alerts' && <OpenAlertsCount />}
    </Link>
  )
}

/** A thin line while anything is loaded for longer than 300 ms. */
function Progress() {
  if (useIsFetching() === 0) return null
  return (
    <div aria-hidden className="fixed inset-x-0 top-0 z-50 h-0.5 overflow-hidden">
      <div className="h-full w-1/3 animate-slide bg-accent opacity-0" />
    </div>
  )
}
