import { accountJid, devicesOf } from '#simulator/accounts/account.ts'
import type { Device, DeviceRef } from '#simulator/accounts/account.ts'
import { addressingOf, isGroupJid, parseJid } from '#simulator/wire/jid.ts'
import { childOf, childrenOf, makeNode, unixSeconds } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import type { Connection } from './connection.ts'
import { deliver } from './route-message.ts'
import type { World } from './world.ts'

/**
 * Receipt types that tell a sender something, and what the sender sees: `inactive` is a delivery to a device whose user
 * looks elsewhere.
 */
const passedOn = new Map<string, string | undefined>([
  ['delivered', undefined],
  ['inactive', undefined],
  ['read', 'read'],
  ['played', 'played'],
])

/** A linked device confirms messages: they leave its queue, and their sender hears of it. */
export function receiptFromCompanion(world: World, connection: Connection, device: Device, receipt: BinaryNode): void {
  const { id, to, participant, type } = receipt.attrs
  // Baileys leaves `to` out when it confirms a copy of what its own account sent.
  const author = to === undefined ? device.account : world.accounts.resolve(participant ?? to)
  for (const confirmed of idsOf(receipt)) world.queue.settle(device, 'message', confirmed, author)
  routeReceipt(world, { account: device.account, deviceId: device.id }, receipt)
  connection.send(makeNode('ack', { class: 'receipt', id, from: to, participant, type }))
}

/**
 * Brings a receipt of any device to the devices of the account that wrote the message: that of `to`, or of `participant`
 * when `to` is a group. There the receipt comes from the group, with the device that confirmed as its participant.
 */
export function routeReceipt(world: World, from: DeviceRef, receipt: BinaryNode): void {
  const { to, participant: authorJid = to, type = 'delivered', id, recipient } = receipt.attrs
  const author = world.accounts.resolveDevice(authorJid)
  const parsed = parseJid(authorJid)
  if (!author || !parsed) return
  const addressing = addressingOf(parsed) ?? 'pn'
  const t = unixSeconds(world.nowMs())
  const device = accountJid(from.account, addressing, from.deviceId)
  const inGroup = isGroupJid(to) ? { from: to, participant: device } : undefined
  if (type === 'retry') {
    const attrs = { from: device, ...inGroup, id, type, t, recipient }
    deliver(world, author, from.account, makeNode('receipt', attrs, receipt.content))
    return
  }
  if (!passedOn.has(type)) return
  const attrs = { from: accountJid(from.account, addressing), id, type: passedOn.get(type), t }
  for (const target of devicesOf(author.account)) {
    if (target.account === from.account && target.deviceId === from.deviceId) continue
    // A phone's log says which device confirmed; companions see the account only.
    const participant = target.deviceId === 0 ? accountJid(from.account, 'pn', from.deviceId) : undefined
    deliver(world, target, from.account, makeNode('receipt', { ...attrs, participant, ...inGroup }, receipt.content))
  }
}

/** The id of a receipt and those of the list that it may carry. */
export function idsOf(receipt: BinaryNode): string[] {
  const items = childrenOf(childOf(receipt, 'list'), 'item')
  return [receipt.attrs['id'], ...items.map(({ attrs }) => attrs['id'])].filter((id) => id !== undefined)
}
