import { S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys'

/**
 * Calls `onSilence` with the time that was too long: until the first frame, or without one later on. Baileys looks too, but
 * by the wall clock, only after the handshake, and only as often as it pings. Returns what stops it.
 */
export function watchSilence(
  { ws }: Pick<WASocket, 'ws'>,
  { connectMs, silenceMs }: { connectMs: number; silenceMs: number },
  onSilence: (ms: number) => void,
): () => void {
  const connecting = setTimeout(onSilence, connectMs, connectMs)
  let timer: NodeJS.Timeout | undefined
  const frameCame = () => {
    if (timer !== undefined) return void timer.refresh()
    clearTimeout(connecting)
    timer = setTimeout(onSilence, silenceMs, silenceMs)
  }
  ws.on('message', frameCame)
  return () => {
    ws.off('message', frameCame)
    clearTimeout(connecting)
    clearTimeout(timer)
  }
}

/** Whether the server answers a ping, with anything. Never rejects; false also when the connection closes. */
export async function answersPing(
  socket: Pick<WASocket, 'generateMessageTag' | 'sendNode' | 'waitForMessage'>,
  timeoutMs: number,
): Promise<boolean> {
  const id = socket.generateMessageTag()
  try {
    const answer: Promise<unknown> = socket.waitForMessage(id, timeoutMs)
    const ping = { tag: 'iq', attrs: { id, to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' } }
    const sent = socket.sendNode({ ...ping, content: [{ tag: 'ping', attrs: {} }] })
    const [answered] = await Promise.all([answer, sent])
    return answered !== undefined
  } catch {
    return false
  }
}
