import { useState } from 'react'
import { useMessages, type PhoneView } from '#local/phone/page/api/phones.ts'
import { chatsOf, titleOf } from '#local/phone/page/chats.ts'
import { ChatList } from './ChatList.tsx'
import { ChatScreen } from './ChatScreen.tsx'
import { DevicesScreen } from './DevicesScreen.tsx'
import { LinkScreen } from './LinkScreen.tsx'
import { NewChatScreen } from './NewChatScreen.tsx'

/** Which screen the phone shows. */
export type Place = { at: 'chats' } | { at: 'chat'; jid: string } | { at: 'new' } | { at: 'devices' } | { at: 'link' }

export function PhoneFrame({ phone, phones }: { phone: PhoneView; phones: PhoneView[] }) {
  const [place, go] = useState<Place>({ at: 'chats' })
  const { data: messages = [] } = useMessages(phone.phone_number)
  const chats = chatsOf(messages, phones)
  return (
    <section
      aria-label={`Phone of ${phone.name}`}
      className="flex h-[min(46rem,calc(100dvh-3rem))] w-full max-w-sm flex-col overflow-hidden rounded-[2.25rem] border-8 border-line bg-surface shadow-xl"
    >
      {place.at === 'chats' && <ChatList phone={phone} chats={chats} go={go} />}
      {place.at === 'chat' && (
        <ChatScreen
          phone={phone}
          jid={place.jid}
          title={titleOf(place.jid, phones)}
          messages={chats.find(({ jid }) => jid === place.jid)?.messages ?? []}
          back={() => go({ at: 'chats' })}
        />
      )}
      {place.at === 'new' && <NewChatScreen phone={phone} phones={phones} go={go} />}
      {place.at === 'devices' && <DevicesScreen phone={phone} go={go} />}
      {place.at === 'link' && <LinkScreen phone={phone} go={go} />}
    </section>
  )
}
