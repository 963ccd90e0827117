import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'

/** What WhatsApp's server said about a message: it has it, or an error code. */
export type Ack = { error: number | undefined }

/** Waits for the server's acks. `sendMessage` of Baileys resolves without one, when the bytes are in the socket. */
export interface Acks {
  /** To be called before the bytes go out. The wait ends by an ack or by `forget`. */
  expect(waMessageId: string): { ack: Promise<Ack>; forget: () => void }
}

export function createAcks({ ws }: Pick<WASocket, 'ws'>): Acks {
  const waiting = new Map<string, (ack: Ack) => void>()

  ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) => {
    waiting.get(attrs.id ?? '')?.({ error: attrs.error === undefined ? undefined : Number(attrs.error) })
  })
  // A recipient can only confirm what the server had.
  ws.on('CB:receipt', ({ attrs }: BinaryNode) => waiting.get(attrs.id ?? '')?.({ error: undefined }))

  return {
    expect(waMessageId) {
      const ack = new Promise<Ack>((resolve) => waiting.set(waMessageId, resolve))
      return { ack, forget: () => void waiting.delete(waMessageId) }
    },
  }
}
