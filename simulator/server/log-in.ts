import { timingSafeEqual } from 'node:crypto'
import { accountJid } from '#simulator/accounts/account.ts'
import type { Device } from '#simulator/accounts/account.ts'
import type { ClientIntroduction } from '#simulator/noise/server-handshake.ts'
import { makeNode, unixSeconds } from '#simulator/wire/node.ts'
import type { Connection } from './connection.ts'
import { readRegistration } from './registration.ts'
import { streamErrors } from './stream-errors.ts'
import type { World } from './world.ts'

/** What follows the handshake: a companion that wants to be paired gets references, a paired one is logged in or refused. */
export function welcome(world: World, connection: Connection, introduction: ClientIntroduction): void {
  const { payload, staticPublicKey, transport } = introduction
  if (payload.devicePairingData && !payload.username) {
    connection.useTransport(transport, 'unpaired')
    try {
      world.pairing.admit(connection, readRegistration(payload, staticPublicKey))
    } catch (error) {
      world.log(`connection ${connection.id}: registration refused: ${String(error)}`)
      connection.end(makeNode('failure', { reason: '400' }))
    }
    world.connections.changed.notify()
    return
  }
  connection.useTransport(transport, 'logged-in')
  logIn(world, connection, deviceOf(world, payload, staticPublicKey))
}

function deviceOf(world: World, payload: ClientIntroduction['payload'], staticPublicKey: Buffer): Device | undefined {
  const device = world.accounts.byNumber(String(payload.username))?.devices.get(payload.device ?? 0)
  if (!device) return undefined
  const known = Buffer.from(device.noisePublicKey, 'base64')
  return known.length === staticPublicKey.length && timingSafeEqual(known, staticPublicKey) ? device : undefined
}

function logIn(world: World, connection: Connection, device: Device | undefined): void {
  if (!device) {
    world.log(`connection ${connection.id}: log-in refused (401)`)
    connection.end(makeNode('failure', { reason: '401' }))
    return
  }
  const subject = { connectionId: connection.id, number: device.account.number, deviceId: device.id }
  const fault = world.faults.strikeConnection(subject, 'fail-login')
  if (fault) {
    connection.end(makeNode('failure', { reason: String(fault.code) }))
    return
  }
  world.connections.claim(device, connection)?.end(streamErrors.replaced())
  world.log(`connection ${connection.id}: +${device.account.number} device ${device.id} logged in`)
  const t = unixSeconds(world.nowMs())
  connection.send(makeNode('success', { t, lid: accountJid(device.account, 'lid', device.id) }))
}

/** The device asked for its traffic: what waited comes first, marked offline, then everything live. */
export function becomeActive(world: World, connection: Connection, device: Device): void {
  if (connection.state === 'active') return
  connection.state = 'active'
  const routingInfo = makeNode('routing_info', {}, Buffer.from([8, 5]))
  connection.send(makeNode('ib', {}, [makeNode('edge_routing', {}, [routingInfo])]))
  const waiting = world.queue.waiting(device)
  const count = String(waiting.length)
  if (waiting.length > 0) connection.send(makeNode('ib', {}, [makeNode('offline_preview', { count })]))
  for (const node of waiting) connection.send({ ...node, attrs: { ...node.attrs, offline: '0' } })
  connection.send(makeNode('ib', {}, [makeNode('offline', { count })]))
  if (!device.greeted) world.phones.get(device.account.number)?.greet(device)
  world.connections.changed.notify()
}
