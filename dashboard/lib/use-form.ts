import { useRef, useState, type SubmitEvent } from 'react'
import type { z } from 'zod'
import { CallFailed } from './api/call-failed.ts'
import { readFields, type FormFields } from './form-fields.ts'
import { useSecondsLeft } from './use-seconds-left.ts'

interface FormOptions<S extends z.ZodType> {
  /** The body's schema of the contract: what the API would refuse is said before it is asked. */
  schema: S
  /** The fields as that schema's input. */
  read: (fields: FormFields) => z.input<S> | undefined
  /** Throws CallFailed. */
  send: (body: z.input<S>) => Promise<unknown>
  /** Undefined: all is as it was. What to do then, in place of sending nothing. */
  onUnchanged?: () => void
}

export interface Form {
  onSubmit: (event: SubmitEvent<HTMLFormElement>) => void
  /** Field > what is wrong with it. */
  errors: Record<string, string>
  /** What is wrong with the whole. */
  failure: CallFailed | undefined
  busy: boolean
  /** True until the service is willing to be asked again. */
  waiting: boolean
}

/** A form whose values stay in its fields. What is wrong with a field is shown at it, wherever that was found. */
export function useForm<S extends z.ZodType>({ schema, read, send, onUnchanged }: FormOptions<S>): Form {
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [failure, setFailure] = useState<CallFailed>()
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const waiting = useSecondsLeft(failure?.retryAt) > 0

  const submit = async (form: HTMLFormElement) => {
    const body = read(readFields(form))
    if (body === undefined) return onUnchanged?.()
    const parsed = schema.safeParse(body)
    const found: Record<string, string> = {}
    for (const { path, message } of parsed.error?.issues ?? []) found[path.join('.')] ??= message
    setErrors(found)
    setFailure(undefined)
    if (!parsed.success) return focusFirst(form, found)
    setBusy(true)
    try {
      await send(body)
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      setErrors(error.details)
      setFailure(error)
      focusFirst(form, error.details)
    } finally {
      setBusy(false)
    }
  }

  return {
    errors,
    failure,
    busy,
    waiting,
    onSubmit(event) {
      event.preventDefault()
      event.stopPropagation()
      // A second press of Enter is no second customer.
      if (running.current || waiting) return
      running.current = true
      void submit(event.currentTarget).finally(() => (running.current = false))
    },
  }
}

/** Puts the focus on the first field that something is wrong with. */
export function focusFirst(form: HTMLFormElement, errors: Record<string, string>): void {
  const fields = Array.from(form.elements).filter((element) => element instanceof HTMLElement)
  fields.find((field) => (field.getAttribute('name') ?? '') in errors)?.focus()
}
