import { becomeActive } from '#simulator/server/log-in.ts'
import { SERVER_JID, childOf, makeNode } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { appStateHandler } from './app-state.ts'
import { companionDevicesHandler } from './companion-devices.ts'
import { encryptHandler } from './encrypt.ts'
import { notImplemented } from './iq-handler.ts'
import type { IqContext, IqHandler } from './iq-handler.ts'
import { usyncHandler } from './usync.ts'

const empty: IqHandler = () => []

const privacy: IqHandler = (_context, iq) => {
  if (childOf(iq, 'tokens')) return [makeNode('tokens')]
  const categories = ['readreceipts', 'last', 'online', 'profile', 'status', 'groupadd', 'calladd']
  return [
    makeNode(
      'privacy',
      {},
      categories.map((name) => makeNode('category', { name, value: 'all' })),
    ),
  ]
}

/** By `xmlns`. Groups (`w:g2`) and media (`w:m`) will be two more lines. */
const handlers: Record<string, IqHandler> = {
  encrypt: encryptHandler,
  usync: usyncHandler,
  md: companionDevicesHandler,
  'w:sync:app:state': appStateHandler,
  passive: ({ world, connection, device }, iq) => {
    // After the answer: what waited must not overtake it.
    if (childOf(iq, 'active')) setImmediate(() => becomeActive(world, connection, device))
    return []
  },
  privacy,
  abt: () => [
    makeNode('props', { protocol: '1', hash: 'SIMULATOR' }, [
      makeNode('prop', { config_code: '10518', config_value: '1' }),
    ]),
  ],
  blocklist: () => [makeNode('list')],
  'w:p': empty,
  'w:stats': empty,
  'urn:xmpp:whatsapp:dirty': empty,
}

/** Answers an iq of a logged-in device; one with an unknown `xmlns` gets error 501. */
export function answerIq(context: IqContext, iq: BinaryNode): void {
  const { id, type, xmlns = '' } = iq.attrs
  if (type === 'result' || type === 'error') return
  const answer = (handlers[xmlns] ?? (() => notImplemented))(context, iq)
  const attrs = { from: SERVER_JID, id }
  if (Array.isArray(answer)) {
    context.connection.send(makeNode('iq', { ...attrs, type: 'result' }, answer.length > 0 ? answer : undefined))
    return
  }
  context.world.log(`iq ${xmlns} answered with ${answer.code} ${answer.text}`)
  const error = makeNode('error', { code: String(answer.code), text: answer.text })
  context.connection.send(makeNode('iq', { ...attrs, type: 'error' }, [error]))
}
