/** Redis' patterns for keys: `*`, `?`, `[abc]`, `[^abc]`, `[a-z]`, and a backslash before what is meant as it stands. */
export function globMatcher(pattern: string): (key: string) => boolean {
  const source = pattern.replaceAll(/\\(.)|\[(\^?)((?:\\.|[^\]])*)\]|([*?])|([\s\S])/g, (_all, ...parts: string[]) => {
    const [escaped, not, members, wildcard, plain] = parts
    if (escaped !== undefined) return quote(escaped)
    if (members !== undefined) return `[${not ?? ''}${memberClass(members)}]`
    if (wildcard !== undefined) return wildcard === '*' ? '.*' : '.'
    return quote(plain ?? '')
  })
  const expression = new RegExp(`^${source}$`, 's')
  return (key) => expression.test(key)
}

/** Ranges may be written either way round. */
function memberClass(members: string): string {
  return members.replaceAll(/\\(.)|(.)-(.)|(.)/gs, (_all, ...parts: string[]) => {
    const [escaped, from, to, plain] = parts
    if (from === undefined || to === undefined) return quote(escaped ?? plain ?? '')
    return from < to ? `${quote(from)}-${quote(to)}` : `${quote(to)}-${quote(from)}`
  })
}

function quote(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
}
