import type { MessageView, PhoneView } from './api/phones.ts'

export interface Chat {
  jid: string
  title: string
  messages: MessageView[]
  unread: number
}

/** The messages of a phone by the other side, the latest conversation first. */
export function chatsOf(messages: MessageView[], phones: PhoneView[]): Chat[] {
  const chats = new Map<string, MessageView[]>()
  for (const message of messages) {
    const list = chats.get(message.chat) ?? []
    // What was written last comes last in the list of chats.
    chats.delete(message.chat)
    chats.set(message.chat, [...list, message])
  }
  return [...chats]
    .map(([jid, list]) => ({
      jid,
      title: titleOf(jid, phones),
      messages: list,
      unread: list.filter(({ from_me: fromMe, read }) => !fromMe && !read).length,
    }))
    .toReversed()
}

/** The name of a virtual phone, else the number. */
export function titleOf(jid: string, phones: PhoneView[]): string {
  return phones.find((phone) => phone.jid === jid)?.name ?? `+${jid.split('@')[0] ?? ''}`
}

const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

export function formatTime(ms: number): string {
  return times.format(ms)
}
