import type { ShownMessage } from '#simulator/api.ts'
import { Notifier } from '#simulator/server/notifier.ts'
import type { Store } from '#simulator/store/store.ts'

/** What tells messages apart on a phone's screen. */
export type MessageKey = Pick<ShownMessage, 'chat' | 'sender' | 'id'>

/** What a phone displays: each (chat, sender, id) once, in the order of arrival. */
export class ChatLog {
  readonly #changed = new Notifier()
  readonly #store: Store
  readonly #group: string
  readonly #messages: ShownMessage[] = []
  readonly #positions = new Map<string, number>()
  #latest: ShownMessage | undefined

  constructor(store: Store, number: string) {
    this.#store = store
    this.#group = `shown/${number}`
    for (const [, message] of store.entries<ShownMessage>(this.#group)) this.#append(message)
  }

  all(chat?: string): ShownMessage[] {
    const wanted = chat === undefined ? this.#messages : this.#messages.filter((message) => message.chat === chat)
    return wanted.map((message) => ({ ...message }))
  }

  find(key: MessageKey): ShownMessage | undefined {
    const position = this.#positions.get(keyOf(key))
    return position === undefined ? undefined : this.#messages[position]
  }

  /** The first message that matches, of those shown now or of those shown or changed within the time. */
  async waitFor(match: (message: ShownMessage) => boolean, timeoutMs: number, what: string): Promise<ShownMessage> {
    let candidates = this.#messages
    const find = (): ShownMessage | undefined => {
      const found = candidates.find(match)
      if (found) return { ...found }
      // Everything was looked at once; from now on only what changes needs a look.
      candidates = []
      return this.#latest && match(this.#latest) ? { ...this.#latest } : undefined
    }
    return await this.#changed.waitFor(find, timeoutMs, what)
  }

  show(message: ShownMessage): void {
    this.#append(message)
    this.#save(message)
    this.#changed.notify()
  }

  /** Changes a message that is shown already. */
  update(message: ShownMessage, change: Partial<Pick<ShownMessage, 'rawStanzas' | 'read'>>): void {
    Object.assign(message, change)
    this.#save(message)
    this.#changed.notify()
  }

  unread(chat: string): ShownMessage[] {
    return this.#messages.filter((message) => message.chat === chat && !message.fromMe && !message.read)
  }

  #append(message: ShownMessage): void {
    this.#positions.set(keyOf(message), this.#messages.length)
    this.#messages.push(message)
  }

  #save(message: ShownMessage): void {
    this.#store.put(this.#group, keyOf(message), message)
    this.#latest = message
  }
}

function keyOf({ chat, sender, id }: MessageKey): string {
  return `${chat} ${sender} ${id}`
}
