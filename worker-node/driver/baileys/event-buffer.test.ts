import { DEFAULT_CONNECTION_CONFIG, makeEventBuffer } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentBaileysLog } from '#worker-node/testing/stock-repository.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/**
 * Why no message, receipt or ack passes Baileys' events here (per-send.int.test.ts: receipts are told as they come), and why
 * own messages are not echoed: each echo fills the buffer that then sticks.
 */
it('holds what follows an own message back for 30 s with stock Baileys, once a history was synchronised', async () => {
  const ev = makeEventBuffer(silentBaileysLog)
  const told: unknown[] = []
  ev.process((events) => void told.push(...(events['messages.update'] ?? [])))
  const delivered = { key: { id: 'ID1' }, update: { status: 3 } }

  // As after the first history: it flushes inside of what it buffers.
  await ev.createBufferedFunction(async () => ev.flush())()
  await vi.advanceTimersByTimeAsync(200)

  // As after each send, by default.
  expect(DEFAULT_CONNECTION_CONFIG.emitOwnEvents).toBe(true)
  await ev.createBufferedFunction(async () => {})()
  ev.emit('messages.update', [delivered])
  await vi.advanceTimersByTimeAsync(29_000)
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(told).toEqual([delivered])
})
