import { randomBytes } from 'node:crypto'
import type { Store } from '#simulator/store/store.ts'
import { SERVER_JID, bytesOf, childOf, makeNode, unixSeconds } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { parseJid } from '#simulator/wire/jid.ts'
import type { Connection } from './connection.ts'
import { Notifier } from './notifier.ts'
import type { Registration } from './registration.ts'

const REF_COUNT = 6
/** The real server refuses displays that name no browser and system that exist, such as `Bot (Server)`. */
const GENUINE_DISPLAY =
  /^(Chrome|Edge|Firefox|IE|Opera|Safari|Brave|Desktop) \((Mac OS|macOS|Windows|Ubuntu|Linux|Debian|Fedora|Chrome ?OS|Android|iOS)\)$/

/** What a companion sends to be linked by code. */
export interface CodeRequest {
  number: string
  ref: Buffer
  /** salt 32, iv 16, encrypted ephemeral key 32 */
  wrappedEphemeralKey: Buffer
}

/** A companion that is connected and not paired yet. */
export interface Candidate {
  readonly connection: Connection
  readonly registration: Registration
  readonly refs: readonly string[]
  codeRequest: CodeRequest | undefined
  /** The last `companion_finish` that it sent. */
  codeFinish: BinaryNode | undefined
  /** Ids of the iqs and notifications that it has answered, with the answer. */
  readonly answers: Map<string, BinaryNode>
}

/** Where unpaired companions wait for a phone: the server's part of linking, by QR and by code. */
export class PairingDesk {
  /** Fires on every stanza of a candidate, and when one comes or goes. */
  readonly changed = new Notifier()
  readonly #store: Store
  readonly #candidates = new Map<Connection, Candidate>()
  readonly #retiredSecrets: Set<string>

  constructor(store: Store) {
    this.#store = store
    this.#retiredSecrets = new Set(store.entries<true>('retired-secret').map(([secret]) => secret))
  }

  /** Takes in an unpaired companion and gives it references to show as QR codes. */
  admit(connection: Connection, registration: Registration): void {
    const refs = Array.from({ length: REF_COUNT }, () => `2@${randomBytes(66).toString('base64')}`)
    const answers = new Map<string, BinaryNode>()
    const candidate = { connection, registration, refs, codeRequest: undefined, codeFinish: undefined, answers }
    this.#candidates.set(connection, candidate)
    const refNodes = refs.map((ref) => makeNode('ref', {}, Buffer.from(ref)))
    connection.send(
      makeNode('iq', { from: SERVER_JID, type: 'set', id: newStanzaId(), xmlns: 'md' }, [
        makeNode('pair-device', {}, refNodes),
      ]),
    )
    this.changed.notify()
  }

  dismiss(connection: Connection): void {
    if (this.#candidates.delete(connection)) this.changed.notify()
  }

  byRef(ref: string): Candidate | undefined {
    return [...this.#candidates.values()].find(({ refs }) => refs.includes(ref))
  }

  /** The companion that asked last to be linked to this number by code. */
  byNumber(number: string): Candidate | undefined {
    return [...this.#candidates.values()].findLast(({ codeRequest }) => codeRequest?.number === number)
  }

  isWaiting(candidate: Candidate): boolean {
    return this.#candidates.has(candidate.connection) && candidate.connection.isOpen
  }

  retireSecret(secret: string): void {
    this.#retiredSecrets.add(secret)
    this.#store.put('retired-secret', secret, true)
  }

  isRetired(secret: string): boolean {
    return this.#retiredSecrets.has(secret)
  }

  /** Sends a stanza with an id and resolves with its answer; undefined when none came in time or the companion left. */
  async ask(candidate: Candidate, node: BinaryNode, timeoutMs: number): Promise<BinaryNode | undefined> {
    candidate.connection.send(node)
    const id = node.attrs['id'] ?? ''
    return await this.#waitFor(candidate, () => candidate.answers.get(id), timeoutMs)
  }

  /** Resolves with the companion's `companion_finish`; undefined when none came in time or the companion left. */
  async finishOf(candidate: Candidate, timeoutMs: number): Promise<BinaryNode | undefined> {
    return await this.#waitFor(candidate, () => candidate.codeFinish, timeoutMs)
  }

  /** Handles a stanza of an unpaired connection. */
  receive(connection: Connection, node: BinaryNode): void {
    const candidate = this.#candidates.get(connection)
    if (!candidate) return
    const { id = '', type, xmlns } = node.attrs
    if (node.tag === 'ack' || (node.tag === 'iq' && type === 'result')) {
      candidate.answers.set(id, node)
    } else if (node.tag === 'iq') {
      const linking = childOf(node, 'link_code_companion_reg')
      const answer = xmlns === 'md' && linking ? this.#linkByCode(candidate, linking) : []
      connection.send(iqAnswer(id, answer))
    }
    this.changed.notify()
  }

  #linkByCode(candidate: Candidate, linking: BinaryNode): BinaryNode[] | 'refused' {
    if (linking.attrs['stage'] === 'companion_finish') {
      candidate.codeFinish = linking
      return []
    }
    const number = parseJid(linking.attrs['jid'])?.user
    const wrapped = bytesOf(childOf(linking, 'link_code_pairing_wrapped_companion_ephemeral_pub'))
    const display = bytesOf(childOf(linking, 'companion_platform_display'))?.toString() ?? ''
    if (!number || wrapped?.length !== 80 || !GENUINE_DISPLAY.test(display)) return 'refused'
    const ref = randomBytes(16)
    candidate.codeRequest = { number, ref, wrappedEphemeralKey: wrapped }
    return [
      makeNode('link_code_companion_reg', { stage: 'companion_hello' }, [makeNode('link_code_pairing_ref', {}, ref)]),
    ]
  }

  async #waitFor<Value>(
    candidate: Candidate,
    find: () => Value | undefined,
    timeoutMs: number,
  ): Promise<Value | undefined> {
    const look = (): { value: Value | undefined } | undefined => {
      const value = find()
      return value !== undefined || !this.isWaiting(candidate) ? { value } : undefined
    }
    const found = await this.changed.waitFor(look, timeoutMs, 'An answer of the companion').catch(() => undefined)
    return found?.value
  }
}

function iqAnswer(id: string, content: BinaryNode[] | 'refused'): BinaryNode {
  const attrs = { from: SERVER_JID, id }
  if (content !== 'refused')
    return makeNode('iq', { ...attrs, type: 'result' }, content.length > 0 ? content : undefined)
  return makeNode('iq', { ...attrs, type: 'error' }, [makeNode('error', { code: '400', text: 'bad-request' })])
}

/** Upper-case hex, which survives the wire's packing. */
export function newStanzaId(): string {
  return randomBytes(8).toString('hex').toUpperCase()
}

/** The notification that makes an unpaired companion choose a new secret. */
export function refreshNotification(shape: string, nowMs: number): BinaryNode {
  const attrs = { from: SERVER_JID, id: newStanzaId(), type: 'companion_reg_refresh', t: unixSeconds(nowMs) }
  return makeNode('notification', attrs, [makeNode(shape)])
}
