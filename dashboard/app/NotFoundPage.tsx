import { Link } from '@tanstack/react-router'
import { buttonClass } from '#dashboard/components/Button.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'

export function NotFoundPage() {
  return (
    <main>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="There is no page at this address."
        action={
          <Link to="/" className={buttonClass('primary')}>
            To the start
          </Link>
        }
      >
        It may have been mistyped, or be of another version of the dashboard.
      </EmptyState>
    </main>
  )
}
