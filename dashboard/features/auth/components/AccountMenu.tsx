import { useNavigate } from '@tanstack/react-router'
import { CircleUserRound, LogOut, ShieldCheck } from 'lucide-react'
import { Menu, MenuChoices, MenuItem, MenuSeparator } from '#dashboard/components/Menu.tsx'
import { notifyFailure } from '#dashboard/components/Notices.tsx'
import { logOut } from '#dashboard/features/auth/api/log-out.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { useSession } from '#dashboard/lib/session.ts'
import { setTheme, themes, useTheme, type Theme } from '#dashboard/lib/theme.ts'

const themeOptions = themes.map((theme) => [theme, theme === 'system' ? 'As the device' : formatWord(theme)] as const)

/** Who is logged in, and what concerns only them. */
export function AccountMenu() {
  const session = useSession()
  const theme = useTheme()
  const navigate = useNavigate()
  if (session === undefined) return null
  const { email, role } = session.admin
  const leave = () => {
    logOut().catch((error: unknown) => notifyFailure(`You are still logged in. ${(error as Error).message}`))
  }
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Account of ${email}`}
          className="flex min-h-9 max-w-full items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-sunken"
        >
          <CircleUserRound aria-hidden className="size-6 shrink-0 text-muted" />
          <span className="min-w-0 max-md:hidden">
            <span className="block truncate font-medium">{email}</span>
            <span className="block text-xs text-muted">{formatWord(role)}</span>
          </span>
        </button>
      }
    >
      <MenuItem onSelect={() => void navigate({ to: '/security' })}>
        <ShieldCheck aria-hidden /> Your security
      </MenuItem>
      <MenuSeparator />
      <MenuChoices
        label="Colours"
        value={theme}
        options={themeOptions}
        onChange={(value) => setTheme(value as Theme)}
      />
      <MenuSeparator />
      <MenuItem onSelect={leave}>
        <LogOut aria-hidden /> Log out
      </MenuItem>
    </Menu>
  )
}
