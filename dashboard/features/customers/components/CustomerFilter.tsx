import { X } from 'lucide-react'
import { useId, useState } from 'react'
import type { CustomerId } from '#contracts/ids.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { SearchBox } from '#dashboard/components/Filters.tsx'
import { useCustomerNames } from '#dashboard/features/customers/api/use-customer-names.ts'

/** Chooses one customer of many by the beginning of its name; the chosen one stands there until it is taken away. */
export function CustomerFilter({
  value,
  name,
  onChange,
}: {
  value: CustomerId | undefined
  /** Of the chosen one, as far as it is known. */
  name: string | undefined
  onChange: (value: CustomerId | undefined) => void
}) {
  const list = useId()
  const [typed, setTyped] = useState('')
  const { data: found = [] } = useCustomerNames(typed)
  if (value !== undefined) {
    return (
      <Button aria-label="Of all customers again" onClick={() => onChange(undefined)} className="min-w-0">
        <bdi className="max-w-48 truncate">{name ?? value}</bdi>
        <X aria-hidden />
      </Button>
    )
  }
  // Two customers may have one name: the id tells them apart.
  const options = found.map((one) => ({ ...one, text: `${one.name} (${one.id})` }))
  return (
    <>
      <SearchBox
        label="Customer"
        placeholder="Customer's name begins with"
        value={typed}
        list={list}
        onSearch={(text) => {
          const chosen = options.find((one) => one.text === text)
          setTyped(chosen === undefined ? text : '')
          if (chosen !== undefined) onChange(chosen.id)
        }}
      />
      <datalist id={list}>
        {options.map(({ id, text }) => (
          <option key={id} value={text} />
        ))}
      </datalist>
    </>
  )
}
