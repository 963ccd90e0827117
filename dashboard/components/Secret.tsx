import { CopyButton } from './CopyButton.tsx'

/** A secret that is shown this once. */
export function Secret({ value, label }: { value: string; label: string }) {
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-sunken p-2">
      <code aria-label={label} className="min-w-0 flex-1 px-1 font-mono text-sm break-all select-all">
        {value}
      </code>
      <CopyButton text={value} label="Copy" />
    </div>
  )
}
