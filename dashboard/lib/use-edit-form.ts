import { useRef, useState } from 'react'
import type { z } from 'zod'
import { changesOf, conflictsOf, keepPrefix, partsOf, type Conflict, type Texts } from './edit-texts.ts'
import { fieldsOf, type FormFields } from './form-fields.ts'
import { useForm, type Form } from './use-form.ts'

interface EditFormOptions<S extends z.ZodType, B extends object, T extends Texts> {
  /** The body's schema of the contract: every part of it may be absent. */
  schema: S
  /** What stands in each field when the form opens. */
  texts: T
  /** The whole body that the fields say. */
  read: (fields: FormFields) => B & z.input<S>
  /** What would stand in each field now. Throws CallFailed. */
  load: () => Promise<Texts>
  /** Gets what was changed, and nothing else. Throws CallFailed. */
  send: (body: z.input<S>) => Promise<unknown>
  /** Nothing was changed. */
  onUnchanged: () => void
}

export interface EditForm<T extends Texts> extends Form {
  /** What stood in each field when the form opened. */
  opened: T
  /** Fields of which the person has to choose whose text stays. */
  conflicts: readonly Conflict[]
}

/**
 * A form that changes what is there. Only fields that the person changed are sent, so that what somebody else changed
 * meanwhile stays; a field that both changed is shown with both texts first, and the person chooses. Between that look and the
 * change there is a moment left in which a third change would be written over: the audit log has it.
 */
export function useEditForm<S extends z.ZodType, B extends object, T extends Texts>({
  schema,
  texts,
  read,
  load,
  send,
  onUnchanged,
}: EditFormOptions<S, B, T>): EditForm<T> {
  // While the form is open the page behind it loads newer texts: these are no changes of the person.
  const [opened] = useState(texts)
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([])
  const seen = useRef<Texts>(opened)
  const changes = useRef<Texts>({})
  const form = useForm({
    schema,
    read(fields) {
      const mine = Object.fromEntries(Object.keys(opened).map((name) => [name, fields.text(name)]))
      changes.current = changesOf(opened, mine, (name) => fields.text(`${keepPrefix}${name}`) === 'theirs')
      const rest = { ...seen.current, ...changes.current }
      return Object.keys(changes.current).length === 0
        ? undefined
        : (partsOf(read(fieldsOf(rest)), changes.current) as z.input<S>)
    },
    async send() {
      const now = await load()
      const found = conflictsOf(seen.current, now, changes.current)
      seen.current = now
      if (found.length > 0) {
        // What was asked before stays, with its answers.
        return setConflicts([...conflicts.filter((old) => !found.some(({ name }) => name === old.name)), ...found])
      }
      await send(partsOf(read(fieldsOf({ ...now, ...changes.current })), changes.current) as z.input<S>)
    },
    onUnchanged,
  })
  return { ...form, opened, conflicts }
}
