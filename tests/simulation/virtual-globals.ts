import nodeCrypto, { createHash } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { Happening } from './event-queue.ts'
import { createRandom } from './random.ts'
import { beginning, type VirtualTime } from './virtual-time.ts'

const RealDate = Date

/**
 * Puts virtual time in place of the clocks, timers and random numbers that the product takes from its globals, so that its
 * code runs here as it is. Returns the way back.
 */
export function installVirtualGlobals(time: VirtualTime): () => void {
  const wallNow = () => beginning + time.now + (time.current?.wallOffsetMs ?? 0)
  const undo: (() => void)[] = []

  function replace(target: object, name: string, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(target, name)
    Object.defineProperty(target, name, { value, configurable: true, writable: true })
    undo.push(() => {
      if (before === undefined) Reflect.deleteProperty(target, name)
      else Object.defineProperty(target, name, before)
    })
  }

  class VirtualDate extends RealDate {
    constructor(...args: [] | [string | number | Date]) {
      if (args.length === 0) super(wallNow())
      else super(...args)
    }
    static override readonly now = wallNow
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof RealDate
    }
  }

  const set = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    handleOf(time.timer(Math.max(1, ms), () => run(...args)))
  const clear = (timer: { item: Happening } | undefined) => {
    if (timer?.item !== undefined) timer.item.run = undefined
  }
  const repeat = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const again = () => {
      handle.item = time.timer(Math.max(1, ms), again)
      run(...args)
    }
    const handle = handleOf(time.timer(Math.max(1, ms), again))
    return handle
  }
  // Numbers of their own: a library that draws ahead for later ids must not change what happens.
  const entropy = createRandom(1)
  const fill = <T extends ArrayBufferView>(view: T): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = entropy.next() * 256
    return view
  }

  replace(globalThis, 'Date', VirtualDate)
  replace(globalThis, 'setTimeout', set)
  replace(globalThis, 'clearTimeout', clear)
  replace(globalThis, 'setInterval', repeat)
  replace(globalThis, 'clearInterval', clear)
  replace(globalThis, 'setImmediate', (run: (...args: unknown[]) => void, ...args: unknown[]) => set(run, 0, ...args))
  replace(globalThis, 'clearImmediate', clear)
  replace(performance, 'now', () => time.now + (time.current?.monotonicOffsetMs ?? 0))
  replace(Math, 'random', () => time.random.next())
  replace(crypto, 'getRandomValues', fill)
  // The real one answers from another thread, at a moment that no seed decides.
  replace(
    crypto.subtle,
    'digest',
    async (_sha256: string, data: Uint8Array) => Uint8Array.from(createHash('sha256').update(data).digest()).buffer,
  )
  replace(nodeCrypto, 'randomFillSync', fill)
  replace(nodeCrypto, 'randomUUID', () => uuid(fill(new Uint8Array(16))))
  syncBuiltinESMExports()

  return () => {
    for (const back of undo.toReversed()) back()
    syncBuiltinESMExports()
  }
}

function handleOf(item: Happening) {
  const handle = { item, ref: () => handle, unref: () => handle, hasRef: () => true }
  return handle
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
