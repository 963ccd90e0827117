import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'

interface Notice {
  id: number
  text: string
  failed: boolean
}

let notices: readonly Notice[] = []
let lastId = 0
const listeners = new Set<() => void>()
const shownMs = 6000

function set(next: readonly Notice[]): void {
  notices = next
  for (const listener of listeners) listener()
}

function dismiss(id: number): void {
  set(notices.filter((notice) => notice.id !== id))
}

/** Says what was done, for a few seconds and to screen readers. */
export function notify(text: string): void {
  add(text, false)
}

/** The same of what could not be done, where there is no better place to say so. */
export function notifyFailure(text: string): void {
  add(text, true)
}

function add(text: string, failed: boolean): void {
  set([...notices.slice(-2), { id: ++lastId, text, failed }])
}

/** Where notices appear; once in the page. */
export function Notices() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => notices,
  )
  return (
    <div role="status" className="pointer-events-none fixed inset-x-3 bottom-4 z-60 flex flex-col items-center gap-2">
      {shown.map((notice) => (
        <NoticeRow key={notice.id} {...notice} />
      ))}
    </div>
  )
}

function NoticeRow({ id, text, failed }: Notice) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), shownMs)
    return () => clearTimeout(timer)
  }, [id])
  return (
    <div className="pointer-events-auto flex max-w-md animate-pop items-center gap-3 rounded-lg border border-line bg-raised py-2 pr-2 pl-4 shadow-lg">
      {failed ? (
        <TriangleAlert aria-hidden className="size-4 shrink-0 text-bad" />
      ) : (
        <CircleCheck aria-hidden className="size-4 shrink-0 text-good" />
      )}
      <p className="min-w-0 [overflow-wrap:anywhere]">{text}</p>
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => dismiss(id)}
        className="rounded-md p-1.5 text-muted hover:bg-sunken"
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  )
}
