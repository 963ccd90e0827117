/**
 * Reads the part of Cloudflare's `_headers` that we write: paths, exact or ending in `*`, each with lines `Name: value`.
 * The result gives the headers of a path, with lower-case names.
 */
export function parseHeadersFile(text: string): (pathname: string) => Record<string, string> {
  const rules: { path: string; headers: Record<string, string> }[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    if (!/^\s/.test(line)) {
      rules.push({ path: line.trim(), headers: {} })
      continue
    }
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    const rule = rules.at(-1)
    if (colon < 0 || name === '' || rule === undefined) throw new Error(`_headers has a line that is none: "${line}".`)
    rule.headers[name] = line.slice(colon + 1).trim()
  }
  return (pathname) =>
    Object.assign({}, ...rules.filter(({ path }) => fits(path, pathname)).map(({ headers }) => headers)) as Record<
      string,
      string
    >
}

function fits(path: string, pathname: string): boolean {
  return path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : path === pathname
}
