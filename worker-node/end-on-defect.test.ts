import { afterEach, expect, it, vi } from 'vitest'
import { endOnDefect } from './end-on-defect.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Listens as a process would, without leaving listeners on this one. */
function listen(abort: (error: unknown) => void): (error: unknown) => void {
  const handlers = new Map<string | symbol, (error: unknown) => void>()
  vi.spyOn(process, 'on').mockImplementation((name: string | symbol, handler: (error: unknown) => void) => {
    handlers.set(name, handler)
    return process
  })
  endOnDefect({ abort })
  expect([...handlers.keys()]).toEqual(['uncaughtException', 'unhandledRejection'])
  return (error) => handlers.get('uncaughtException')?.(error)
}

it('closes the connections, then ends the process, for the first of several errors', () => {
  vi.useFakeTimers()
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  const abort = vi.fn()
  const tell = listen(abort)
  tell(new Error('first'))
  tell(new Error('second'))
  expect(abort.mock.calls).toEqual([[new Error('first')]])
  expect(exit).not.toHaveBeenCalled()
  vi.advanceTimersByTime(500)
  expect(exit.mock.calls).toEqual([[1]])
})

it('ends the process also when closing fails', () => {
  vi.useFakeTimers()
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  const tell = listen(() => {
    throw new Error('broken too')
  })
  expect(() => tell(new Error('first'))).toThrow('broken too')
  vi.advanceTimersByTime(500)
  expect(exit).toHaveBeenCalledWith(1)
})
