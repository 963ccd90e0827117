import { accountJid } from '#simulator/accounts/account.ts'
import type { Account, Device, DeviceRef } from '#simulator/accounts/account.ts'
import { addressingOf, parseJid } from '#simulator/wire/jid.ts'
import { childOf, childrenOf, makeNode, unixSeconds } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { deliver } from './route-message.ts'
import type { World } from './world.ts'

/** Receipt types that tell a sender something. `inactive` is a delivery to a device whose user looks elsewhere. */
const PASSED_ON: Record<string, string | undefined> = {
  delivered: undefined,
  inactive: undefined,
  read: 'read',
  played: 'played',
}

/** A linked device confirms messages: they leave its queue, and their sender hears of it. */
export function receiptFromCompanion(world: World, device: Device, receipt: BinaryNode): void {
  const { to, type } = receipt.attrs
  // Baileys leaves `to` out when it confirms a copy of what its own account sent.
  const author = to === undefined ? device.account : world.accounts.resolve(to)
  for (const id of idsOf(receipt)) world.queue.settle(device, 'message', id, author)
  if (author) routeReceipt(world, { account: device.account, deviceId: device.id }, receipt)
  const { id } = receipt.attrs
  world.connections.of(device)?.send(makeNode('ack', { class: 'receipt', id, from: to, type }))
}

/** Brings a receipt of any device to the devices of the account that wrote the message. */
export function routeReceipt(world: World, from: DeviceRef, receipt: BinaryNode): void {
  const { to, type = 'delivered', id, recipient } = receipt.attrs
  const author = world.accounts.resolveDevice(to)
  if (!author) return
  const parsed = parseJid(to)
  const addressing = (parsed && addressingOf(parsed)) ?? 'pn'
  const t = unixSeconds(world.nowMs())
  if (type === 'retry') {
    const attrs = { from: accountJid(from.account, addressing, from.deviceId), id, type, t, recipient }
    deliver(world, author, from.account, makeNode('receipt', attrs, receipt.content))
    return
  }
  if (!(type in PASSED_ON)) return
  const attrs = { from: accountJid(from.account, addressing), id, type: PASSED_ON[type], t }
  const stanza = makeNode('receipt', attrs, receipt.content)
  deliverToPhone(
    world,
    author.account,
    from,
    makeNode('receipt', { ...attrs, participant: deviceJid(from) }, receipt.content),
  )
  for (const device of author.account.devices.values()) {
    if (device.id !== from.deviceId || author.account !== from.account) {
      deliver(world, { account: author.account, deviceId: device.id }, from.account, stanza)
    }
  }
}

/** The id of a receipt and those of the list that it may carry. */
export function idsOf(receipt: BinaryNode): string[] {
  const items = childrenOf(childOf(receipt, 'list'), 'item')
  return [receipt.attrs['id'], ...items.map(({ attrs }) => attrs['id'])].filter((id) => id !== undefined)
}

/** The phone's record says which device confirmed; companions see the account only, as with the real server. */
function deliverToPhone(world: World, account: Account, from: DeviceRef, stanza: BinaryNode): void {
  if (account === from.account && from.deviceId === 0) return
  deliver(world, { account, deviceId: 0 }, from.account, stanza)
}

function deviceJid(ref: DeviceRef): string {
  return accountJid(ref.account, 'pn', ref.deviceId)
}
