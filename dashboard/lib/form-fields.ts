/** The texts of a form's fields. Files are none of ours. */
export interface FormFields {
  /** Empty when there is no such field. */
  text(name: string): string
  /** Values of the checkboxes of that name that are checked. */
  texts(name: string): string[]
  /** Undefined when it is empty, NaN when it is no number: a schema then says so. */
  number(name: string): number | undefined
}

/** The same of texts that stand in no form. */
export function fieldsOf(given: Readonly<Record<string, string>>): FormFields {
  const text = (name: string) => given[name] ?? ''
  return { text, texts: (name) => (name in given ? [text(name)] : []), number: (name) => numberOf(text(name)) }
}

function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text)
}

export function readFields(form: HTMLFormElement): FormFields {
  const data = new FormData(form)
  const texts = (name: string) => data.getAll(name).filter((value) => typeof value === 'string')
  const text = (name: string) => texts(name)[0] ?? ''
  return { texts, text, number: (name) => numberOf(text(name)) }
}
