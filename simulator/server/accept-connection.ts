import type { WebSocket } from 'ws'
import { FrameSplitter } from '#simulator/noise/frames.ts'
import { ServerHandshake } from '#simulator/noise/server-handshake.ts'
import { decodeNode } from '#simulator/wire/node.ts'
import { Connection } from './connection.ts'
import { welcome } from './log-in.ts'
import { receiveStanza } from './receive-stanza.ts'
import type { World } from './world.ts'

/** A client that says nothing for this long during its handshake is cut off. */
const HANDSHAKE_TIMEOUT_MS = 20_000

/** Runs one client's connection from its first byte to its end. */
export function acceptConnection(world: World, socket: WebSocket): void {
  const { outgoing, faults, connections } = world
  const connection = new Connection({ id: connections.nextId(), socket, outgoing, faults, nowMs: world.nowMs() })
  const splitter = new FrameSplitter({ expectIntro: true })
  const handshake = new ServerHandshake(world.identity)
  let handshakeFrames = 0
  connections.add(connection)

  const handleFrame = (frame: Buffer): void => {
    if (connection.state !== 'handshake') {
      receiveStanza(world, connection, decodeNode(connection.decrypt(frame)))
      world.outgoing.schedule()
      return
    }
    handshakeFrames += 1
    if (faults.strikeConnection(connection.faultSubject, 'silence')) return
    if (handshakeFrames === 1) connection.sendHandshake(handshake.hello(frame))
    else welcome(world, connection, handshake.finish(frame))
  }

  socket.on('message', (data) => {
    // A connection that was cut or ended hears nothing any more, even if the other side still talks.
    if (!connection.isOpen) return
    try {
      // The server's sockets deliver whole Buffers (ws' default `binaryType`).
      for (const frame of splitter.push(data as Buffer)) {
        if (connection.isOpen) handleFrame(frame)
      }
    } catch (error) {
      world.log(`connection ${connection.id}: cut, because ${error instanceof Error ? error.message : String(error)}`)
      connection.drop()
    }
  })
  socket.on('error', (error) => world.log(`connection ${connection.id}: ${error.message}`))
  const handshakeTimer = setTimeout(() => {
    if (connection.state === 'handshake') connection.drop()
  }, HANDSHAKE_TIMEOUT_MS)
  socket.on('close', () => {
    clearTimeout(handshakeTimer)
    world.pairing.dismiss(connection)
    connections.remove(connection)
  })
}
