import { MessageSquarePlus, MonitorSmartphone } from 'lucide-react'
import { Button } from '#dashboard/components/Button.tsx'
import type { PhoneView } from '#local/phone/page/api/phones.ts'
import { formatTime, type Chat } from '#local/phone/page/chats.ts'
import type { Place } from './PhoneFrame.tsx'
import { ScreenBar } from './ScreenBar.tsx'
import { Ticks } from './Ticks.tsx'

export function ChatList({ phone, chats, go }: { phone: PhoneView; chats: Chat[]; go: (place: Place) => void }) {
  return (
    <>
      <ScreenBar title={phone.name}>
        <Button kind="quiet" onClick={() => go({ at: 'devices' })}>
          <MonitorSmartphone aria-hidden /> Linked devices
        </Button>
      </ScreenBar>
      <ul aria-label="Chats" className="flex-1 overflow-y-auto">
        {chats.map((chat) => (
          <li key={chat.jid}>
            <ChatRow chat={chat} open={() => go({ at: 'chat', jid: chat.jid })} />
          </li>
        ))}
        {chats.length === 0 && (
          <li className="px-6 py-16 text-center text-muted">
            No messages yet. Write to {phone.phone_number} through the API, or begin a chat.
          </li>
        )}
      </ul>
      <div className="flex justify-end border-t border-line p-3">
        <Button kind="primary" onClick={() => go({ at: 'new' })}>
          <MessageSquarePlus aria-hidden /> New chat
        </Button>
      </div>
    </>
  )
}

function ChatRow({ chat: { title, messages, unread }, open }: { chat: Chat; open: () => void }) {
  const last = messages.at(-1)
  return (
    <button type="button" onClick={open} className="flex w-full gap-3 px-4 py-3 text-left hover:bg-sunken">
      <span
        aria-hidden
        className="flex size-10 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-strong"
      >
        {Array.from(title)[0]}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex justify-between gap-2">
          <bdi className="truncate font-medium">{title}</bdi>
          {last !== undefined && <span className="text-xs text-muted">{formatTime(last.timestamp_ms)}</span>}
        </span>
        <span className="flex items-center gap-1 text-muted">
          {last?.from_me === true && <Ticks message={last} />}
          <bdi className="min-w-0 flex-1 truncate">{last?.body}</bdi>
          {unread > 0 && (
            <span className="rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent">
              {unread}
              <span className="sr-only"> unread</span>
            </span>
          )}
        </span>
      </span>
    </button>
  )
}
