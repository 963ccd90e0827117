import { Link, type LinkProps } from '@tanstack/react-router'

/** From one thing to the list of all, or to what it is part of. */
export function WayBack({ children, ...place }: LinkProps & { children: string }) {
  return (
    <nav aria-label="Way back" className="mb-2">
      <Link {...place} className="text-muted hover:text-ink hover:underline">
        ← {children}
      </Link>
    </nav>
  )
}
