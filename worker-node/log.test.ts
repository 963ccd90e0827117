import { describe, expect, it } from 'vitest'
import type { LogFields } from './log-fields.ts'
import { createLog } from './log.ts'

function lineOf(fields: object): Record<string, unknown> {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  log.info('Something happened.', fields as LogFields)
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>
}

describe('a log line', () => {
  it('is JSON with a time, a sentence and its fields', () => {
    expect(lineOf({ instance: 'ins_1', count: 3 })).toMatchObject({
      level: 30,
      message: 'Something happened.',
      instance: 'ins_1',
      count: 3,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    })
  })

  it('leaves out every field that is not on the list', () => {
    const line = JSON.stringify(lineOf({ body: 'a private text', token: 'eyJhbGciOi', secret: 'x', plaintext: 'y' }))
    for (const canary of ['private', 'eyJ', 'secret', 'plaintext']) expect(line).not.toContain(canary)
  })

  it('shows a phone number by its last four digits, also inside free text', () => {
    const line = lineOf({
      phoneNumber: '+5511999990002',
      detail: 'no session for 5511999990002.0',
      error: new Error('5511999990002@s.whatsapp.net is not reachable'),
    })
    expect(JSON.stringify(line)).not.toContain('5511999')
    expect(line.phoneNumber).toBe('***0002')
    expect(line.detail).toBe('no session for ***0002.0')
  })

  it('keeps of an error its name, code and message, without what looks like a key or a password', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', query: 'SELECT 1' })
    const error = new TypeError(`postgres://wharf:hunter2@db.example failed with ${'A'.repeat(44)}`, { cause })
    const line = lineOf({ error })
    expect(line.error).toEqual({
      name: 'TypeError',
      message: 'postgres://***@db.example failed with ***',
      cause: { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
    })
  })

  it('is not written below its level', () => {
    const lines: string[] = []
    const log = createLog('warn', { write: (line: string) => void lines.push(line) })
    log.info('quiet')
    log.debug('quiet')
    log.error('loud')
    expect(lines).toHaveLength(1)
  })
})
