import { cloneElement, useEffect, useState, type ComponentProps, type ReactElement } from 'react'
import type * as menuParts from './menu-parts.tsx'

type Parts = typeof menuParts

/** Loaded behind the page: menus with all that places them weigh more than most pages, and nobody opens one at once. */
let parts: Parts | undefined
const loadParts = async () => (parts ??= await import('./menu-parts.tsx'))

/** Further actions behind a button, which waits for the code of the menu. */
export function Menu({
  trigger,
  ...rest
}: Omit<ComponentProps<Parts['Menu']>, 'trigger'> & { trigger: ReactElement<{ disabled?: boolean }> }) {
  const [loaded, setLoaded] = useState(parts)
  useEffect(() => {
    let shown = true
    // What could not be loaded is tried again by the next page that has a menu.
    loadParts().then(
      (now) => shown && setLoaded(now),
      () => undefined,
    )
    return () => void (shown = false)
  }, [])
  if (loaded === undefined) return cloneElement(trigger, { disabled: true })
  return <loaded.Menu trigger={trigger} {...rest} />
}

// The following are only ever inside an open menu, whose code is there.
export function MenuItem(props: ComponentProps<Parts['MenuItem']>) {
  return parts && <parts.MenuItem {...props} />
}

export function MenuChoices(props: ComponentProps<Parts['MenuChoices']>) {
  return parts && <parts.MenuChoices {...props} />
}

export function MenuSeparator() {
  return parts && <parts.MenuSeparator />
}
