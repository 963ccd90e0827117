// oxlint-disable no-console -- what reaches the console is what this file is about
import { createRequire } from 'node:module'
import { afterEach, describe, expect, it } from 'vitest'
import { silenceLibsignal } from './silence-libsignal.ts'

interface Entry {
  indexInfo: { closed: number }
  currentRatchet: object
}
const SessionRecord = createRequire(import.meta.url)('libsignal/src/session_record.js') as {
  new (): { closeSession(entry: Entry): void }
}

const realInfo = console.info
afterEach(() => {
  console.info = realInfo
})

describe('libsignal at the console', () => {
  it('prints private keys when it closes a session, until it is silenced; others still print', () => {
    const printed: unknown[][] = []
    console.info = (...values: unknown[]) => void printed.push(values)
    const close = () => {
      new SessionRecord().closeSession({ indexInfo: { closed: -1 }, currentRatchet: { privKey: 'secret' } })
    }

    close()
    expect(JSON.stringify(printed)).toContain('secret')

    printed.length = 0
    silenceLibsignal()
    close()
    expect(printed).toEqual([])

    console.info('ours')
    expect(printed).toEqual([['ours']])
  })
})
