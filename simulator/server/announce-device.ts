import { accountJid } from '#simulator/accounts/account.ts'
import type { Device } from '#simulator/accounts/account.ts'
import { makeNode, unixSeconds } from '#simulator/wire/node.ts'
import { newStanzaId } from './pairing-desk.ts'
import type { World } from './world.ts'

/**
 * Tells the account's own devices and those of its contacts that a device came or went, so that they encrypt for the
 * right ones from now on. Clients keep device lists by number and by LID, hence both jids.
 */
export function announceDevice(world: World, device: Device, change: 'add' | 'remove'): void {
  const { account } = device
  const devices = (['pn', 'lid'] as const).map((addressing) =>
    makeNode('device', { jid: accountJid(account, addressing, device.id), 'key-index': String(device.keyIndex) }),
  )
  for (const listener of [account, ...world.accounts.contactsOf(account)]) {
    for (const target of listener.devices.values()) {
      if (target === device) continue
      const attrs = {
        from: accountJid(account, 'pn'),
        id: newStanzaId(),
        type: 'devices',
        t: unixSeconds(world.nowMs()),
        lid: accountJid(account, 'lid'),
      }
      world.queue.push(target, account, makeNode('notification', attrs, [makeNode(change, {}, devices)]))
    }
  }
}
