import type { WebSocket } from 'ws'
import type { ConnectionInfo } from '#simulator/api.ts'
import type { Device } from '#simulator/accounts/account.ts'
import type { FaultRules, FaultSubject } from '#simulator/faults/fault-rules.ts'
import { corruptStanza } from '#simulator/faults/corrupt-stanza.ts'
import { frameOf } from '#simulator/noise/frames.ts'
import type { Transport } from '#simulator/noise/transport.ts'
import { encodeNode } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import type { Outgoing, Writer } from './outgoing.ts'

export interface ConnectionOptions {
  id: number
  socket: WebSocket
  outgoing: Outgoing
  faults: FaultRules
  nowMs: number
}

/** One client's connection: stanzas go out encrypted, in order, after the turn's state is durable. */
export class Connection implements Writer {
  readonly id: number
  readonly connectedAtMs: number
  state: ConnectionInfo['state'] = 'handshake'
  /** The linked device that logged in. */
  device: Device | undefined
  readonly #socket: WebSocket
  readonly #outgoing: Outgoing
  readonly #faults: FaultRules
  #transport: Transport | undefined
  #frames: Buffer[] = []
  #ending: 'no' | 'after-write' | 'muted' = 'no'

  constructor(options: ConnectionOptions) {
    this.id = options.id
    this.connectedAtMs = options.nowMs
    this.#socket = options.socket
    this.#outgoing = options.outgoing
    this.#faults = options.faults
  }

  get faultSubject(): FaultSubject {
    return { connectionId: this.id, number: this.device?.account.number, deviceId: this.device?.id }
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#ending === 'no'
  }

  /** A handshake message, before there are keys. */
  sendHandshake(message: Uint8Array): void {
    this.#enqueue(frameOf(message))
  }

  /** The handshake is over: from now on stanzas go out under these keys. */
  useTransport(transport: Transport, state: 'unpaired' | 'logged-in'): void {
    this.#transport = transport
    this.state = state
  }

  decrypt(frame: Buffer): Buffer {
    if (!this.#transport) throw new Error('The handshake is not over.')
    return this.#transport.decrypt(frame)
  }

  /** Sends a stanza unless a fault has other plans for it. */
  send(node: BinaryNode): void {
    if (!this.isOpen || this.#faults.strikeConnection(this.faultSubject, 'silence')) return
    const fault = this.#faults.strikeStanza(this.faultSubject, 'to-device', node)
    switch (fault?.kind) {
      case 'drop':
        return
      case 'delay':
        setTimeout(() => this.#encryptAndEnqueue(node), fault.delayMs)
        return
      case 'corrupt':
        return this.#encryptAndEnqueue(corruptStanza(node))
      case 'duplicate':
        this.#encryptAndEnqueue(node)
        return this.#encryptAndEnqueue(node)
      default:
        return this.#encryptAndEnqueue(node)
    }
  }

  /** Sends a last stanza, if given, and closes once it is out. */
  end(last?: BinaryNode): void {
    if (last) this.send(last)
    if (this.#ending !== 'no') return
    this.#ending = 'after-write'
    this.#outgoing.add(this)
  }

  /** Sends nothing any more, not even what waits. */
  mute(): void {
    this.#frames = []
    this.#ending = 'muted'
  }

  /** Cuts the connection as a broken network does. */
  drop(): void {
    this.mute()
    this.#socket.terminate()
  }

  write(): void {
    if (this.#ending === 'muted') return
    if (this.#frames.length > 0 && this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.send(this.#frames.length === 1 ? (this.#frames[0] ?? '') : Buffer.concat(this.#frames))
    }
    this.#frames = []
    if (this.#ending === 'after-write') this.#socket.close()
  }

  #encryptAndEnqueue(node: BinaryNode): void {
    if (!this.isOpen || !this.#transport) return
    this.#enqueue(frameOf(this.#transport.encrypt(encodeNode(node))))
  }

  #enqueue(frame: Buffer): void {
    this.#frames.push(frame)
    this.#outgoing.add(this)
  }
}
