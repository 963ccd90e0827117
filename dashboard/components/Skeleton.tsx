/** Stands for rows that are on their way; shows itself only when they take long. */
export function Skeleton({ rows = 4 }: { rows?: number }) {
  return (
    <div role="status" className="animate-appear space-y-3 p-4">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="h-5 rounded bg-sunken" />
      ))}
    </div>
  )
}
