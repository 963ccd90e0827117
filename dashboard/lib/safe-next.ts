/** Where to go after the log-in: a path of these pages, whatever the address says. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/')) return '/'
  const url = new URL(next, 'https://here.invalid')
  return url.host === 'here.invalid' ? url.pathname + url.search + url.hash : '/'
}
