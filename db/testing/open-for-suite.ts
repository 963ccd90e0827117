import { afterAll, beforeAll } from 'vitest'

/** Opens once before the tests of the surrounding `describe` and closes after them; the getter is for inside the tests. */
export function openForSuite<T extends { close: () => Promise<void> }>(open: () => Promise<T>): () => T {
  let opened: T | undefined
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened?.close())
  return () => {
    if (opened === undefined) throw new Error('The stores are open only while tests run.')
    return opened
  }
}
