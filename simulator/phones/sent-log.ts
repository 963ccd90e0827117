import type { SentStatus } from '#simulator/api.ts'
import { Notifier } from '#simulator/server/notifier.ts'
import type { Store } from '#simulator/store/store.ts'

/** A message that a phone sent, kept so that it can be encrypted again for a device that could not read it. */
export interface SentMessage {
  status: SentStatus
  /** The jid that it was addressed to. */
  to: string
  /** The encoded proto.Message, base64. */
  content: string
  /** `peer` messages go to one device of the account itself and belong to no chat. */
  category: 'chat' | 'peer'
}

/** What a phone sent, and what became of it. */
export class SentLog {
  readonly changed = new Notifier()
  readonly #store: Store
  readonly #group: string
  readonly #messages = new Map<string, SentMessage>()

  constructor(store: Store, number: string) {
    this.#store = store
    this.#group = `sent/${number}`
    for (const [id, message] of store.entries<SentMessage>(this.#group)) this.#messages.set(id, message)
  }

  find(id: string): SentMessage | undefined {
    return this.#messages.get(id)
  }

  statusOf(id: string): SentStatus | undefined {
    const message = this.#messages.get(id)
    if (message?.category !== 'chat') return undefined
    return { ...message.status, deliveredTo: [...message.status.deliveredTo] }
  }

  add(message: SentMessage): void {
    this.#messages.set(message.status.id, message)
    this.#save(message)
  }

  update(id: string, change: (status: SentStatus) => void): void {
    const message = this.#messages.get(id)
    if (!message) return
    change(message.status)
    this.#save(message)
    this.changed.notify()
  }

  #save(message: SentMessage): void {
    this.#store.put(this.#group, message.status.id, message)
  }
}
