import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'

/** Handles a stanza. What it returns or throws goes to the guard around Baileys' listeners. */
export type StanzaHandler = (stanza: BinaryNode) => unknown

/** Puts another handler in the place of Baileys' own, which `make` gets. Throws when Baileys has none: another version. */
export function replaceListener(
  { ws }: Pick<WASocket, 'ws'>,
  event: string,
  make: (baileys: StanzaHandler) => StanzaHandler,
): void {
  const [baileys] = ws.listeners(event) as StanzaHandler[]
  if (baileys === undefined) throw new Error(`Baileys no longer listens to ${event}.`)
  ws.removeAllListeners(event)
  ws.on(event, make(baileys))
}
