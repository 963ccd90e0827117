import type { ComponentProps } from 'react'
import { TextField } from './Field.tsx'

/** For the code that an authenticator app shows; phones offer what they know of it. */
export function CodeField(props: Pick<ComponentProps<typeof TextField>, 'hint' | 'error' | 'autoFocus'>) {
  return <TextField name="code" label="Code" inputMode="numeric" autoComplete="one-time-code" {...props} />
}
