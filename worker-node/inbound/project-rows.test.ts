import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import { silentLog } from '#worker-node/log.ts'
import { createRowProjector } from './project-rows.ts'

const instanceId = newId('instance')
const content = { type: 'text', text: { body: 'Hello' } } as const

it('has a contact’s number stored until it is, and again when it is another or of another instance', async () => {
  const stored: (boolean | undefined)[] = []
  let number = '+5511999990002'
  let failing = true
  const project = createRowProjector({
    inbound: {
      async projectAll(projections) {
        stored.push(...projections.map(({ message }) => message?.numbersStored))
        if (failing) throw new Error('refused')
        return projections.map(() => true)
      },
      setAside: async () => {},
    },
    decode: ({ seq }): ProjectedMessage => {
      const numbers = new Map([['85123456789@lid', number]])
      return { waMessageId: `WA${seq}`, chat: number, sender: number, content, numbers }
    },
    version: '1.0.0',
    log: silentLog,
  })
  const row = (seq: number, id = instanceId): JournalRow => ({
    instanceId: id,
    seq,
    waMessageId: null,
    stanza: {},
    plaintext: new Uint8Array(),
  })

  const projected = (...rows: JournalRow[]) => project(rows, () => {})
  expect(await projected(row(1))).toBe(0)
  failing = false
  expect(await projected(row(1), row(2))).toBe(2)
  await projected(row(3))
  await projected(row(4, newId('instance')))
  number = '+5511999990077'
  await projected(row(5))
  expect(stored).toEqual([false, false, true, true, false, false])
})
