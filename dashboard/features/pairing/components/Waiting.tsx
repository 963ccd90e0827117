/** Something is on its way without the person's doing. */
export function Waiting({ title, hint }: { title: string; hint?: string }) {
  return (
    <div role="status" className="flex flex-col items-center gap-4 px-4 py-16 text-center">
      <span aria-hidden className="size-8 animate-spin rounded-full border-2 border-accent border-t-transparent" />
      <div className="max-w-sm">
        <p className="text-base font-medium">{title}</p>
        {hint !== undefined && <p className="mt-1 text-muted">{hint}</p>}
      </div>
    </div>
  )
}
