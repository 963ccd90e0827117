import { expect, it, vi } from 'vitest'
import { againAfterDeadlock } from './again-after-deadlock.ts'

const deadlock = () => new Error('Failed query', { cause: Object.assign(new Error('deadlock'), { code: '40P01' }) })

it('runs a statement again that was ended to break a deadlock', async () => {
  const statement = vi.fn<() => Promise<string>>().mockRejectedValueOnce(deadlock()).mockResolvedValueOnce('done')
  expect(await againAfterDeadlock(statement)).toBe('done')
})

it('gives up at the third, and at once on any other error', async () => {
  const always = vi.fn(() => Promise.reject(deadlock()))
  await expect(againAfterDeadlock(always)).rejects.toThrow('Failed query')
  expect(always).toHaveBeenCalledTimes(3)
  const other = vi.fn(() => Promise.reject(new Error('connection refused')))
  await expect(againAfterDeadlock(other)).rejects.toThrow('connection refused')
  expect(other).toHaveBeenCalledTimes(1)
})
