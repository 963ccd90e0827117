import { accountJid } from '#simulator/accounts/account.ts'
import type { Account } from '#simulator/accounts/account.ts'
import { childOf, childrenOf, makeNode, textOf, unixSeconds } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { parseJid } from '#simulator/wire/jid.ts'
import { badRequest } from './iq-handler.ts'
import type { IqContext, IqHandler } from './iq-handler.ts'

/** What one usync protocol says about an account; undefined when it has nothing to say. */
type Protocol = (account: Account, nowMs: number) => BinaryNode | undefined

const protocols: Record<string, Protocol> = {
  contact: () => makeNode('contact', { type: 'in' }),
  devices: (account, nowMs) => {
    const linked = [...account.devices.values()].map(({ id, keyIndex }) =>
      makeNode('device', { id: String(id), 'key-index': String(keyIndex) }),
    )
    return makeNode('devices', {}, [
      makeNode('device-list', {}, [makeNode('device', { id: '0' }), ...linked]),
      makeNode('key-index-list', { ts: unixSeconds(nowMs) }),
    ])
  },
  lid: (account) => makeNode('lid', { val: accountJid(account, 'lid') }),
  status: () => makeNode('status', { code: '401', t: '0' }),
  disappearing_mode: () => makeNode('disappearing_mode', { duration: '0', t: '0' }),
}

/** `usync`: which numbers are on WhatsApp, which devices they have, and their LIDs. */
export const usyncHandler: IqHandler = (context, iq) => {
  const usync = childOf(iq, 'usync')
  if (!usync) return badRequest
  const asked = childrenOf(childOf(usync, 'query')).map(({ tag }) => tag)
  const users = childrenOf(childOf(usync, 'list'), 'user').map((user) => answerFor(context, user, asked))
  const results = makeNode(
    'result',
    {},
    asked.map((tag) => makeNode(tag)),
  )
  return [makeNode('usync', usync.attrs, [results, makeNode('list', {}, users)])]
}

function answerFor({ world, device }: IqContext, user: BinaryNode, asked: string[]): BinaryNode {
  const phone = textOf(childOf(user, 'contact'))?.replace(/\D/g, '')
  const jid = user.attrs['jid'] ?? `${phone ?? ''}@s.whatsapp.net`
  const account = world.accounts.resolve(jid)
  if (!account) {
    const isContactAsked = asked.includes('contact')
    return makeNode('user', { jid }, isContactAsked ? [makeNode('contact', { type: 'out' })] : [])
  }
  // Who knows the devices of an account has to hear when they change.
  if (asked.includes('devices')) world.accounts.link(device.account, account)
  const answers = asked.flatMap((tag) => protocols[tag]?.(account, world.nowMs()) ?? [])
  const addressing = parseJid(jid)?.server === 'lid' ? 'lid' : 'pn'
  return makeNode('user', { jid: accountJid(account, addressing) }, answers)
}
