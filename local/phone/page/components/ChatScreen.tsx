import { SendHorizontal } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { z } from 'zod'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { useForm } from '#dashboard/lib/use-form.ts'
import { markRead, sendText, usePhoneChange, type MessageView, type PhoneView } from '#local/phone/page/api/phones.ts'
import { formatTime } from '#local/phone/page/chats.ts'
import { ScreenBar } from './ScreenBar.tsx'
import { Ticks } from './Ticks.tsx'

const written = z.object({ text: z.string().min(1, 'must not be empty') })

/** A conversation. Looking at it reads it, as on any phone. */
export function ChatScreen({
  phone: { phone_number: number },
  jid,
  title,
  messages,
  back,
}: {
  phone: PhoneView
  jid: string
  title: string
  messages: MessageView[]
  back: () => void
}) {
  useReading(number, jid, messages)
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Newer browsers return a promise, which must not be the effect's.
    end.current?.scrollIntoView({ block: 'end' })
  }, [messages.length])
  return (
    <>
      <ScreenBar title={title} back={back} />
      <div
        // A person without a mouse scrolls it by the keyboard.
        tabIndex={0}
        role="log"
        aria-label={`Messages with ${title}`}
        className="flex flex-1 flex-col gap-2 overflow-y-auto bg-canvas px-3 py-4"
      >
        {messages.map((message) => (
          <Bubble key={`${message.sender}/${message.id}`} message={message} />
        ))}
        <div ref={end} />
      </div>
      <Composer number={number} jid={jid} />
    </>
  )
}

function Bubble({ message }: { message: MessageView }) {
  const { from_me: fromMe, body, timestamp_ms: timestampMs } = message
  return (
    <div
      className={`max-w-[82%] rounded-2xl px-3 py-2 ${fromMe ? 'self-end rounded-br-sm bg-accent-soft' : 'self-start rounded-bl-sm border border-line bg-surface'}`}
    >
      <bdi className="whitespace-pre-wrap">{body === '' ? '(no text)' : body}</bdi>
      <span className="mt-0.5 flex items-center justify-end gap-1 text-xs text-muted">
        {formatTime(timestampMs)}
        {fromMe && <Ticks message={message} />}
      </span>
    </div>
  )
}

function Composer({ number, jid }: { number: string; jid: string }) {
  const send = usePhoneChange((text: string) => sendText(number, jid, text))
  const field = useRef<HTMLInputElement>(null)
  const form = useForm({
    schema: written,
    read: (fields) => ({ text: fields.text('text') }),
    async send({ text }) {
      await send.mutateAsync(text)
      if (field.current !== null) field.current.value = ''
    },
  })
  return (
    <form onSubmit={form.onSubmit} noValidate className="space-y-2 border-t border-line p-3">
      <FailureNote failure={form.failure} />
      <div className="flex gap-2">
        <input
          ref={field}
          name="text"
          aria-label="Message"
          placeholder="Message"
          autoComplete="off"
          className="min-h-10 min-w-0 flex-1 rounded-full border border-line-strong bg-surface px-4"
        />
        <button
          type="submit"
          aria-label="Send"
          className="flex size-10 items-center justify-center rounded-full bg-accent text-on-accent hover:bg-accent-strong"
        >
          <SendHorizontal aria-hidden className="size-5" />
        </button>
      </div>
    </form>
  )
}

/** Reads what has come, once each. */
function useReading(number: string, jid: string, messages: MessageView[]): void {
  const { mutate } = usePhoneChange((chat: string) => markRead(number, chat))
  const newest = messages.findLast(({ from_me: fromMe, read }) => !fromMe && !read)?.id
  useEffect(() => {
    if (newest !== undefined) mutate(jid)
  }, [newest, jid, mutate])
}
