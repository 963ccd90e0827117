import * as Radix from '@radix-ui/react-dropdown-menu'
import type { ReactElement, ReactNode } from 'react'

/** Further actions behind a button. Not modal: Radix would write a style element into the page, which the policy forbids. */
export function Menu({ trigger, children }: { trigger: ReactElement; children: ReactNode }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-40 min-w-44 animate-pop rounded-lg border border-line bg-raised p-1 shadow-lg"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function MenuItem({
  onSelect,
  danger = false,
  children,
}: {
  onSelect: () => void
  danger?: boolean
  children: ReactNode
}) {
  return (
    <Radix.Item
      onSelect={onSelect}
      className={`flex min-h-9 items-center gap-2 rounded-md px-2.5 text-sm outline-none data-highlighted:bg-sunken [&_svg]:size-4 ${danger ? 'text-bad' : ''}`}
    >
      {children}
    </Radix.Item>
  )
}

export function MenuChoices({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: string
  options: readonly (readonly [value: string, text: string])[]
  onChange: (value: string) => void
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
      <Radix.Label className="px-2.5 py-1.5 text-xs font-medium text-muted">{label}</Radix.Label>
      {options.map(([key, text]) => (
        <Radix.RadioItem
          key={key}
          value={key}
          className="flex min-h-9 items-center justify-between gap-4 rounded-md px-2.5 text-sm outline-none data-highlighted:bg-sunken data-[state=checked]:font-semibold"
        >
          {text}
          <Radix.ItemIndicator aria-hidden>✓</Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  )
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />
}
