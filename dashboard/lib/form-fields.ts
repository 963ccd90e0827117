/** The texts of a form's fields. Files are none of ours. */
export interface FormFields {
  /** Empty when there is no such field. */
  text(name: string): string
  /** Values of the checkboxes of that name that are checked. */
  texts(name: string): string[]
}

export function readFields(form: HTMLFormElement): FormFields {
  const data = new FormData(form)
  const texts = (name: string) => data.getAll(name).filter((value) => typeof value === 'string')
  return { texts, text: (name) => texts(name)[0] ?? '' }
}
