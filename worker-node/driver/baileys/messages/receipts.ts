import { areJidsSameUser, type AuthenticationCreds, type BinaryNode, type WASocket } from '@whiskeysockets/baileys'
import type { Receipt } from '#core/ports/outbox.ts'

/** By the `type` of the stanza; none is a delivery. Others (retry, sender, read-self ...) tell nothing about recipients. */
const statusByType: Record<string, Receipt['status']> = {
  '': 'delivered',
  inactive: 'delivered',
  read: 'read',
  played: 'read',
}

/** Tells receipts as they come; Baileys' own events would pass its buffer and come late or merged. */
export function listenToReceipts(
  { ws }: Pick<WASocket, 'ws'>,
  { me }: Pick<AuthenticationCreds, 'me'>,
  onReceipt: (receipt: Receipt) => void,
): void {
  ws.on('CB:receipt', (stanza: BinaryNode) => {
    const { id, type = '', from = '', participant } = stanza.attrs
    const status = statusByType[type]
    const by = participant ?? from
    const own = [me?.id, me?.lid].some((jid) => jid !== undefined && areJidsSameUser(by, jid))
    if (id !== undefined && status !== undefined && !own)
      onReceipt({ waMessageIds: [id, ...moreIdsOf(stanza)], status })
  })
}

/** One receipt can be for several messages: `<receipt id><list><item id/>..</list></receipt>`. */
function moreIdsOf({ content }: BinaryNode): string[] {
  const list = Array.isArray(content) ? content.find(({ tag }) => tag === 'list') : undefined
  const items = Array.isArray(list?.content) ? list.content : []
  return items.flatMap(({ attrs }) => attrs.id ?? [])
}
