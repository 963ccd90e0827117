import { setMaxListeners } from 'node:events'
import { parseText, textOf, type ApiAttempt } from '#tests/faults/history/histories.ts'
import type { Stage, StageChat, StageSession } from '#tests/faults/stage/open-stage.ts'
import { sendUntilAnswered } from './api-sender.ts'
import { createLimit } from './limit.ts'
import { createChatWindow, type ChatWindow } from './chat-window.ts'

/** Messages on their way per chat and direction, so that a dead worker's chats wait and the others go on. */
const windowSize = 3
/** Requests to the API at once, however many chats there are. */
const requestsAtOnce = 12

/** Messages in both directions over all chats of a stage, numbered per chat. */
export interface Traffic {
  /** Attempts of the API's clients so far. */
  readonly api: ApiAttempt[]
  /** Texts accepted by the API, and texts written by phones. */
  accepted(): number
  written(): number
  /** Texts that arrived: shown on phones, and taken by healthy endpoints. */
  shown(): number
  received(): number
  /** Resolves when everything was handed in; arriving may take longer. */
  handedIn: Promise<void>
  /** Hands in nothing more, and waits for nothing more. */
  stop(): void
}

/** Hands in `messages` each way. Chats that get on take what others leave, so the load follows the workers that live. */
export function startTraffic(stage: Stage, messages: number): Traffic {
  const stopping = new AbortController()
  // Every request listens to it.
  setMaxListeners(0, stopping.signal)
  const limit = createLimit(requestsAtOnce)
  const api: ApiAttempt[] = []
  const windows = new Map<string, ChatWindow>()
  const arrived = { out: new Set<string>(), in: new Set<string>() }
  const left = { out: messages, in: messages }
  let accepted = 0
  let written = 0

  function arrive(body: string): void {
    const text = parseText(body)
    if (text === undefined || arrived[text.way].has(body)) return
    arrived[text.way].add(body)
    windows.get(`${text.way} ${text.chat}`)?.giveBack()
  }

  /** Takes the pool's next message for this chat whenever the chat has room. */
  async function run(way: 'out' | 'in', chat: StageChat, handIn: (body: string, key: string) => Promise<void>) {
    const window = createChatWindow(windowSize)
    windows.set(`${way} ${chat.name}`, window)
    for (let number = 1; left[way] > 0 && (await window.take()); number += 1) {
      if (left[way] === 0) return
      left[way] -= 1
      const body = textOf({ way, chat: chat.name, number })
      await handIn(body, `rig-${chat.name}-${number}`)
    }
  }

  function runChat({ instanceId, apiKey, own }: StageSession, chat: StageChat): Promise<void>[] {
    // The simulator asks this of each message that the phone shows for the first time: it tells without polling.
    chat.contact.behaviour.autoReply = ({ body }) => {
      arrive(body)
      return undefined
    }
    return [
      run('out', chat, async (body, key) => {
        const order = { apiKey, instanceId, to: chat.contact.phoneNumber, key, body }
        const answer = await sendUntilAnswered(stage.apiUrl, order, { history: api, signal: stopping.signal, limit })
        if (answer?.messageId !== undefined) accepted += 1
      }),
      run('in', chat, async (body) => {
        await chat.contact.sendText(own.phoneNumber, body)
        written += 1
      }),
    ]
  }

  stage.endpoints.onTaken(arrive)
  const runs = stage.sessions.flatMap((session) => session.chats.flatMap((chat) => runChat(session, chat)))
  return {
    api,
    accepted: () => accepted,
    written: () => written,
    shown: () => arrived.out.size,
    received: () => arrived.in.size,
    handedIn: Promise.all(runs).then(() => closeAll()),
    stop() {
      stopping.abort()
      left.out = 0
      left.in = 0
      closeAll()
    },
  }

  function closeAll(): void {
    for (const window of windows.values()) window.close()
  }
}
