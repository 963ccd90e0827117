import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JournalStore } from './journal-store.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'journal-'))
  file = path.join(folder, 'state.journal')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('JournalStore', () => {
  it('keeps what was flushed, in order, with the last value of each key', () => {
    const store = new JournalStore(folder)
    store.put('a', '1', { n: 1 })
    store.put('a', '2', 'two')
    store.put('b/x', '1', [true])
    store.put('a', '1', { n: 2 })
    store.put('a', '3', null)
    store.delete('b/x', '1')
    store.put('b/y', '1', 0)
    store.close()
    const again = new JournalStore(folder)
    expect(again.entries('a')).toEqual([
      ['1', { n: 2 }],
      ['2', 'two'],
      ['3', null],
    ])
    expect(again.groups('b/')).toEqual(['y'])
    again.close()
  })

  it('is complete on disk after a flush, without being closed', () => {
    const store = new JournalStore(folder)
    store.put('a', '1', 'kept')
    store.flush()
    store.put('a', '1', 'not flushed')
    const copy = mkdtempSync(path.join(tmpdir(), 'journal-'))
    writeFileSync(path.join(copy, 'state.journal'), readFileSync(file))
    const other = new JournalStore(copy)
    expect(other.entries('a')).toEqual([['1', 'kept']])
    other.close()
    store.close()
    rmSync(copy, { recursive: true })
  })

  it('drops a batch that was torn at any byte, whole, and goes on from there', () => {
    const store = new JournalStore(folder)
    store.put('a', '1', 'first')
    store.flush()
    const good = statSync(file).size
    store.put('a', '1', 'second é')
    store.put('a', '2', 'second')
    store.close()
    const whole = readFileSync(file)
    for (let length = good; length < whole.length; length += 1) {
      writeFileSync(file, whole.subarray(0, length))
      const torn = new JournalStore(folder)
      expect(torn.entries('a')).toEqual([['1', 'first']])
      torn.put('a', '3', 'third')
      torn.close()
      const after = new JournalStore(folder)
      expect(after.entries('a')).toEqual([
        ['1', 'first'],
        ['3', 'third'],
      ])
      after.close()
    }
  })

  it('refuses a file that is damaged before its end, and says where', () => {
    const store = new JournalStore(folder)
    store.put('a', '1', 'first')
    store.flush()
    truncateSync(file, statSync(file).size - 3)
    appendFileSync(file, '\n')
    store.put('a', '2', 'second')
    store.close()
    expect(() => new JournalStore(folder)).toThrow(/damaged at line 1/)
  })

  it('is for one process at a time; the lock of a dead one is void', () => {
    const store = new JournalStore(folder)
    expect(() => new JournalStore(folder)).toThrow(`Process ${process.pid} is using ${folder} already`)
    store.close()
    for (const left of ['999999999 1', `${process.pid} 1`, '']) {
      writeFileSync(path.join(folder, 'lock'), left)
      new JournalStore(folder).close()
    }
  })

  it('rewrites itself when it is mostly history, and stays readable', () => {
    const store = new JournalStore(folder, { compactMinBytes: 2000 })
    for (let round = 0; round < 500; round += 1) {
      store.put('a', 'counter', round)
      store.flush()
    }
    store.put('a', 'last', 'x')
    store.close()
    expect(statSync(file).size).toBeLessThan(2100)
    const again = new JournalStore(folder)
    expect(again.entries('a')).toEqual([
      ['counter', 499],
      ['last', 'x'],
    ])
    again.close()
  })
})
