/** The origin that the pages call: empty is their own. Throws when it is more or less than an origin. */
export function readApiOrigin(value: string | undefined): string {
  if (value === undefined || value === '') return ''
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.origin !== value) {
    throw new Error(`API_ORIGIN must be an origin such as https://api.example.com, without a path; it is "${value}".`)
  }
  return value
}
