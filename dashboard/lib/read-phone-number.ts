/** A number as people write it, with blanks and signs between its digits, as the API takes it. */
export function readPhoneNumber(text: string): string {
  return text.trim().replaceAll(/[\s().\-/]/g, '')
}
