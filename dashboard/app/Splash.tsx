/** While the session or a page's code is on its way; seen only when that takes long. */
export function Splash() {
  return (
    <div role="status" className="flex min-h-[40vh] animate-appear items-center justify-center">
      <span className="sr-only">Loading</span>
      <span aria-hidden className="size-6 animate-spin rounded-full border-2 border-accent border-t-transparent" />
    </div>
  )
}
