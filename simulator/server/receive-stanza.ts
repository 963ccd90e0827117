import { corruptStanza } from '#simulator/faults/corrupt-stanza.ts'
import { SERVER_JID, makeNode } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import type { Connection } from './connection.ts'
import { answerIq } from './iq/iq-handlers.ts'
import { ackOf, routeMessage } from './route-message.ts'
import { receiptFromCompanion } from './route-receipt.ts'
import type { World } from './world.ts'

/** A stanza came in: faults have the first word, then it is handled by its tag. */
export function receiveStanza(world: World, connection: Connection, node: BinaryNode): void {
  const subject = connection.faultSubject
  if (world.faults.strikeConnection(subject, 'silence')) return
  const fault = world.faults.strikeStanza(subject, 'from-device', node)
  switch (fault?.kind) {
    case 'drop':
      return
    case 'close':
      return connection.drop()
    case 'delay':
      setTimeout(() => handleStanza(world, connection, node), fault.delayMs)
      return
    case 'refuse':
      return refuse(world, connection, node, fault.code)
    case 'corrupt':
      return handleStanza(world, connection, corruptStanza(node))
    case 'duplicate':
      handleStanza(world, connection, node)
      return handleStanza(world, connection, node)
    case 'close-before-ack':
      connection.mute()
      handleStanza(world, connection, node)
      return connection.drop()
    case 'close-after-ack':
      handleStanza(world, connection, node)
      return connection.end()
    default:
      return handleStanza(world, connection, node)
  }
}

function handleStanza(world: World, connection: Connection, node: BinaryNode): void {
  const { device } = connection
  if (!device) return world.pairing.receive(connection, node)
  // A delayed stanza of a device that was removed meanwhile.
  if (device.account.devices.get(device.id) !== device) return
  switch (node.tag) {
    case 'iq':
      return answerIq({ world, connection, device }, node)
    case 'message':
      return routeMessage(world, { account: device.account, deviceId: device.id }, node, (ack) => connection.send(ack))
    case 'receipt':
      return receiptFromCompanion(world, connection, device, node)
    case 'ack':
      return settle(world, connection, node)
    default:
      // presence, chatstate and ib need no answer.
      return undefined
  }
}

/** The device confirms a stanza by an ack: a receipt, a notification, or a message that it cannot use. */
function settle(world: World, connection: Connection, ack: BinaryNode): void {
  const { id, to, participant = to } = ack.attrs
  const tag = ack.attrs['class']
  if (!connection.device || id === undefined || tag === undefined) return
  world.queue.settle(connection.device, tag, id, world.accounts.resolve(participant))
}

function refuse(world: World, connection: Connection, node: BinaryNode, code: number): void {
  if (node.tag === 'message') {
    connection.send(ackOf(node, world.nowMs(), String(code)))
  } else if (node.tag === 'iq') {
    const error = makeNode('error', { code: String(code), text: 'refused' })
    connection.send(makeNode('iq', { from: SERVER_JID, id: node.attrs['id'], type: 'error' }, [error]))
  }
}
