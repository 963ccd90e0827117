import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import { silentLog } from '#worker-node/log.ts'
import { createRowProjector } from './project-row.ts'

const instanceId = newId('instance')
const content = { type: 'text', text: { body: 'Hello' } } as const

it('has a contact’s number stored until it is, and again when it is another or of another instance', async () => {
  const stored: (boolean | undefined)[] = []
  let number = '+5511999990002'
  let failing = true
  const project = createRowProjector({
    inbound: {
      async project(_row, message) {
        stored.push(message?.numbersStored)
        if (failing) throw new Error('refused')
        return true
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

  expect(await project(row(1))).toBe(false)
  failing = false
  await project(row(1))
  await project(row(2))
  await project(row(3, newId('instance')))
  number = '+5511999990077'
  await project(row(4))
  expect(stored).toEqual([false, false, true, false, false])
})
