import { accountJid } from '#simulator/accounts/account.ts'
import type { Account, DeviceRef } from '#simulator/accounts/account.ts'
import { addressingOf, isGroupJid, parseJid } from '#simulator/wire/jid.ts'
import type { Addressing } from '#simulator/wire/jid.ts'
import { childOf, childrenOf, makeNode, unixSeconds } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import type { World } from './world.ts'

/** Sends one kind of message on; returns the error of its ack, if it is refused. */
type Route = (world: World, sender: DeviceRef, message: BinaryNode) => string | undefined

/** By the server part of the jid that a message is addressed to. */
const routes: Record<string, Route> = {
  's.whatsapp.net': routeUserMessage,
  lid: routeUserMessage,
  'g.us': routeGroupMessage,
}

/** "Not implemented" as the error of an ack. */
const UNKNOWN_KIND = '501'

/**
 * Takes a message stanza of any device and brings each of its ciphertexts to the device that it is for.
 * `acknowledge` is called with the ack before anything is delivered; the wire keeps that order.
 */
export function routeMessage(
  world: World,
  sender: DeviceRef,
  message: BinaryNode,
  acknowledge: (ack: BinaryNode) => void,
): void {
  const { to } = message.attrs
  const route = routes[parseJid(to)?.server ?? '']
  // Nobody tells companions who is in a group, so what one of them sends there would reach few.
  if (!route || (isGroupJid(to) && sender.deviceId !== 0)) {
    acknowledge(ackOf(message, world.nowMs(), UNKNOWN_KIND))
    return
  }
  acknowledge(ackOf(message, world.nowMs()))
  route(world, sender, message)
}

/** The server's ack of a message; with `error` it says that the message goes nowhere. */
export function ackOf(message: BinaryNode, nowMs: number, error?: string): BinaryNode {
  const { id, to } = message.attrs
  return makeNode('ack', { class: 'message', id, from: to, t: unixSeconds(nowMs), error })
}

/** Hands a stanza to a device: the phone in this process, or a linked device by way of its queue. */
export function deliver(world: World, target: DeviceRef, from: Account | undefined, stanza: BinaryNode): void {
  if (target.deviceId === 0) {
    world.phones.get(target.account.number)?.receive(stanza)
    return
  }
  const device = target.account.devices.get(target.deviceId)
  if (device) world.queue.push(device, from, stanza)
}

function routeUserMessage(world: World, sender: DeviceRef, message: BinaryNode): undefined {
  const to = message.attrs['to'] ?? ''
  const parsed = parseJid(to)
  const addressing = (parsed && addressingOf(parsed)) ?? 'pn'
  const recipient = world.accounts.resolve(to)
  if (recipient) world.accounts.link(sender.account, recipient)
  for (const { target, ciphertexts } of targetsOf(world, message)) {
    const identity = childOf(message, 'device-identity')
    const content = identity ? [...ciphertexts, identity] : ciphertexts
    const attrs = deliveryAttrs(world, { sender, target, message, addressing })
    deliver(world, target, sender.account, makeNode('message', attrs, content))
  }
}

/** The phone lists the devices of all members, because this server keeps no groups. */
function routeGroupMessage(world: World, sender: DeviceRef, message: BinaryNode): undefined {
  const { id, to, type } = message.attrs
  const attrs = {
    from: to,
    participant: accountJid(sender.account, 'lid', sender.deviceId),
    participant_pn: accountJid(sender.account, 'pn'),
    addressing_mode: 'lid',
    id,
    type,
    t: unixSeconds(world.nowMs()),
    notify: sender.account.name,
  }
  for (const { target, ciphertexts } of targetsOf(world, message)) {
    deliver(world, target, sender.account, makeNode('message', attrs, ciphertexts))
  }
}

/**
 * One entry per device; a resend after a retry receipt has no participants and names its single device in `to`, or in
 * `participant` when it is to a group. What all devices of a group read stands behind what is for each of them.
 */
function targetsOf(world: World, message: BinaryNode): { target: DeviceRef; ciphertexts: BinaryNode[] }[] {
  const { to, participant = to } = message.attrs
  const participants = childOf(message, 'participants')
  const entries = participants
    ? childrenOf(participants, 'to').map((node) => ({ jid: node.attrs['jid'], own: childrenOf(node, 'enc') }))
    : [{ jid: participant, own: [] }]
  const shared = childrenOf(message, 'enc')
  return entries.flatMap(({ jid, own }) => {
    const target = world.accounts.resolveDevice(jid)
    const ciphertexts = [...own, ...shared]
    return target && ciphertexts.length > 0 ? [{ target, ciphertexts }] : []
  })
}

function deliveryAttrs(
  world: World,
  {
    sender,
    target,
    message,
    addressing,
  }: {
    sender: DeviceRef
    target: DeviceRef
    message: BinaryNode
    addressing: Addressing
  },
): Record<string, string | undefined> {
  const { id, type, category, to, recipient } = message.attrs
  const other: Addressing = addressing === 'pn' ? 'lid' : 'pn'
  const common = {
    from: accountJid(sender.account, addressing, sender.deviceId),
    id,
    type,
    category,
    t: unixSeconds(world.nowMs()),
    notify: sender.account.name,
  }
  const isOwnCopy = target.account === sender.account
  if (!isOwnCopy) {
    const alternative = accountJid(sender.account, other)
    return { ...common, ...(addressing === 'pn' ? { sender_lid: alternative } : { sender_pn: alternative }) }
  }
  // A peer message (history, app state) is between the account's own devices: it belongs to no chat.
  if (category === 'peer') return common
  const chat = world.accounts.resolve(recipient ?? to)
  const chatJid = chat ? accountJid(chat, addressing) : (recipient ?? to)
  const alternative = chat && accountJid(chat, other)
  return {
    ...common,
    recipient: chatJid,
    ...(addressing === 'pn' ? { peer_recipient_lid: alternative } : { peer_recipient_pn: alternative }),
  }
}
