import { Secret } from '#dashboard/components/Secret.tsx'

/** A key that the service itself cannot show again. */
export function KeyShown({ secret }: { secret: string }) {
  return (
    <div className="space-y-2">
      <Secret label="API key" value={secret} />
      <p className="text-muted">
        Copy it now: it is kept nowhere in clear, and this is the only time that it is shown. It goes into the header{' '}
        <code className="font-mono">X-API-Key</code> of each request.
      </p>
    </div>
  )
}
