import { EventEmitter } from 'node:events'
import type { WASocket } from '@whiskeysockets/baileys'
import { expect, it } from 'vitest'
import { guardListeners } from './guard-listeners.ts'

it('keeps errors and rejections of listeners from the process', async () => {
  const ws = new EventEmitter()
  ws.on('throws', () => {
    throw new Error('thrown')
  })
  ws.on('rejects', (): unknown => Promise.reject(new Error('rejected')))
  const heard: string[] = []
  ws.on('throws', () => heard.push('still heard'))
  const caught: string[] = []
  guardListeners({ ws } as unknown as WASocket, (event, error) => caught.push(`${event}: ${(error as Error).message}`))

  ws.emit('throws')
  ws.emit('rejects')
  await expect.poll(() => caught).toEqual(['throws: thrown', 'rejects: rejected'])
  expect(heard).toEqual(['still heard'])
})

it('gives a server that does not answer the closing handshake one second', async () => {
  const raw = Object.assign(new EventEmitter(), {
    close: () => {},
    terminate: () => raw.emit('close'),
  })
  const ws = Object.assign(new EventEmitter(), { socket: raw, close: () => Promise.resolve() })
  guardListeners({ ws } as unknown as WASocket, () => {})
  const started = performance.now()
  await ws.close()
  expect(performance.now() - started).toBeLessThan(3_000)
})
