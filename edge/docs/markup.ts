import { html } from 'hono/html'

/** A piece of the page. What is put into it is escaped, pieces excepted. */
export type Piece = ReturnType<typeof html>

/** Text in which `code` stands between backticks. */
export function prose(text: string): Piece[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
}

/** What follows `#` in the address of a part of the page; without spaces, which an address would write as %20. */
export function anchorOf(kind: 'tag' | 'operation' | 'schema' | 'error', name: string): string {
  return `${kind}-${name.replaceAll(' ', '-')}`
}

export function codeBlock(text: string, label: string): Piece {
  // Focusable, so that a keyboard can scroll what is wider than the page.
  return html`<pre tabindex="0" role="group" aria-label="${label}"><code>${text}</code></pre>`
}

export function jsonBlock(value: unknown, label: string): Piece {
  return codeBlock(JSON.stringify(value, null, 2), label)
}
