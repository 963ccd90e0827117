import type { BinaryNode } from '#simulator/wire/node.ts'
import type { ActiveFault, FaultAction, FaultRule, Faults } from '#simulator/api.ts'

/** What a fault rule can look at. */
export interface FaultSubject {
  connectionId: number
  /** Digits, once the connection is logged in. */
  number: string | undefined
  deviceId: number | undefined
}

export type Direction = 'from-device' | 'to-device'

type Stanza = Pick<BinaryNode, 'tag' | 'attrs'>

type Kind = FaultAction['kind']

const FROM_DEVICE_ONLY: readonly Kind[] = ['close', 'close-before-ack', 'close-after-ack', 'refuse']
const NOT_ABOUT_STANZAS: readonly Kind[] = ['silence', 'fail-login', 'refuse-connection']

interface Entry extends ActiveFault {
  /** Connections up to this id are older than the fault. */
  connectionsBefore: number
}

/** The faults that are switched on. The first rule that fits strikes; the others wait for the next stanza. */
export class FaultRules implements Faults {
  readonly #entries = new Map<number, Entry>()
  readonly #newestConnection: () => number
  #nextId = 1

  constructor(newestConnection: () => number) {
    this.#newestConnection = newestConnection
  }

  add(rule: FaultRule): number {
    const { kind } = rule.action
    if (rule.direction === 'to-device' && FROM_DEVICE_ONLY.includes(kind)) {
      throw new Error(`The fault "${kind}" strikes what a device sends; it has no direction "to-device".`)
    }
    if (rule.deviceId !== undefined && rule.phoneNumber === undefined) {
      throw new Error('A fault for a device needs the phoneNumber of its account.')
    }
    const id = this.#nextId++
    this.#entries.set(id, { id, rule, struck: 0, connectionsBefore: this.#newestConnection() })
    return id
  }

  remove(id: number): boolean {
    return this.#entries.delete(id)
  }

  clear(): void {
    this.#entries.clear()
  }

  list(): ActiveFault[] {
    return [...this.#entries.values()].map(({ id, rule, struck }) => ({ id, rule, struck }))
  }

  /** What happens to this stanza, if anything. Counts as a strike. */
  strikeStanza(subject: FaultSubject, direction: Direction, { tag, attrs }: Stanza): FaultAction | undefined {
    return this.#strike(subject, ({ action, direction: wanted = 'from-device', stanza = 'message', type }) => {
      if (NOT_ABOUT_STANZAS.includes(action.kind) || wanted !== direction) return false
      return (stanza === '*' || stanza === tag) && (type === undefined || type === attrs.type)
    })
  }

  /** Whether a fault of this kind, which is not about stanzas, strikes the connection now. */
  strikeConnection<K extends Kind>(subject: FaultSubject, kind: K): Extract<FaultAction, { kind: K }> | undefined {
    const action = this.#strike(subject, (rule) => rule.action.kind === kind)
    return action as Extract<FaultAction, { kind: K }> | undefined
  }

  #strike(subject: FaultSubject, fits: (rule: FaultRule) => boolean): FaultAction | undefined {
    if (this.#entries.size === 0) return undefined
    for (const entry of this.#entries.values()) {
      if (!fits(entry.rule) || !concerns(entry, subject)) continue
      entry.struck += 1
      if (entry.rule.times !== undefined && entry.struck >= entry.rule.times) this.#entries.delete(entry.id)
      return entry.rule.action
    }
    return undefined
  }
}

function concerns({ rule, connectionsBefore }: Entry, subject: FaultSubject): boolean {
  if (rule.newConnectionsOnly && subject.connectionId <= connectionsBefore) return false
  if (rule.connectionId !== undefined && rule.connectionId !== subject.connectionId) return false
  if (rule.phoneNumber !== undefined && rule.phoneNumber.replace('+', '') !== subject.number) return false
  return rule.deviceId === undefined || rule.deviceId === subject.deviceId
}
