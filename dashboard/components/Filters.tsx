import { Search } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'

const control = 'min-h-9 rounded-md border border-line-strong bg-surface px-3 py-1.5 text-sm'

export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <search className="flex flex-wrap items-center gap-2 border-b border-line p-3 *:max-sm:flex-1 *:max-sm:basis-36">
      {children}
    </search>
  )
}

const settleMs = 250

/** Searches when typing pauses, and at once at Enter. */
export function SearchBox({
  label,
  placeholder,
  value,
  list,
  onSearch,
}: {
  label: string
  placeholder: string
  value: string
  /** Id of a `datalist` with what is offered while somebody types. */
  list?: string
  onSearch: (text: string) => void
}) {
  const [text, setText] = useState(value)
  const latest = useRef(onSearch)
  useEffect(() => {
    latest.current = onSearch
  })
  // The address may change by itself: back, forward, filters removed.
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => latest.current(text.trim()), settleMs)
    return () => clearTimeout(timer)
  }, [text, value])
  return (
    <div className="relative min-w-56 flex-1 max-sm:basis-full!">
      <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        list={list}
        maxLength={list === undefined ? 100 : undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onSearch(text.trim())
        }}
        className={`${control} w-full pl-9 placeholder:text-muted`}
      />
    </div>
  )
}

export function FilterSelect<V extends string>({
  label,
  all,
  value,
  options,
  onChange,
}: {
  label: string
  /** Words for no filter. */
  all: string
  value: V | undefined
  options: readonly (readonly [value: V, text: string])[]
  onChange: (value: V | undefined) => void
}) {
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(options.find(([option]) => option === event.target.value)?.[0])}
      className={control}
    >
      <option value="">{all}</option>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  )
}

export function FilterText({
  label,
  type = 'text',
  value,
  onChange,
}: {
  label: string
  type?: 'text' | 'date'
  value: string
  onChange: (value: string) => void
}) {
  return (
    <label className="flex items-center gap-2 text-muted">
      {label}
      <input
        type={type}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={`${control} min-w-0 text-ink max-sm:flex-1`}
      />
    </label>
  )
}
