import { areJidsSameUser, type AuthenticationCreds, type BinaryNode, type WASocket } from '@whiskeysockets/baileys'
import type { Receipt } from '#core/ports/outbox.ts'
import { replaceListener } from '#worker-node/driver/baileys/replace-listener.ts'

/** By the `type` of the stanza; none is a delivery. Others (retry, sender, read-self ...) tell nothing about recipients. */
const statusByType: Record<string, Receipt['status']> = {
  '': 'delivered',
  inactive: 'delivered',
  read: 'read',
  played: 'read',
}

/**
 * Tells receipts as they come; Baileys' own events would pass its buffer and come late or merged. Baileys gets the stanza,
 * and so acknowledges it, when it is durable; what WhatsApp gets no ack of it tells again at the next log-in. What is no news
 * about a message goes to Baileys at once: a device that asks for one again waits for the answer.
 */
export function listenToReceipts(
  { ws }: Pick<WASocket, 'ws'>,
  { me }: Pick<AuthenticationCreds, 'me'>,
  onReceipt: (receipt: Receipt) => Promise<boolean>,
): void {
  replaceListener({ ws }, 'CB:receipt', (baileys) => async (stanza) => {
    const receipt = receiptOf(stanza, me)
    if (receipt === undefined) return baileys(stanza)
    return (await onReceipt(receipt)) && ws.isOpen ? baileys(stanza) : undefined
  })
}

function receiptOf(stanza: BinaryNode, me: AuthenticationCreds['me']): Receipt | undefined {
  const { id, type = '', from = '', participant } = stanza.attrs
  const status = statusByType[type]
  const by = participant ?? from
  const own = [me?.id, me?.lid].some((jid) => jid !== undefined && areJidsSameUser(by, jid))
  return id === undefined || status === undefined || own
    ? undefined
    : { waMessageIds: [id, ...moreIdsOf(stanza)], status }
}

/** One receipt can be for several messages: `<receipt id><list><item id/>..</list></receipt>`. */
function moreIdsOf({ content }: BinaryNode): string[] {
  const list = Array.isArray(content) ? content.find(({ tag }) => tag === 'list') : undefined
  const items = Array.isArray(list?.content) ? list.content : []
  return items.flatMap(({ attrs }) => attrs.id ?? [])
}
