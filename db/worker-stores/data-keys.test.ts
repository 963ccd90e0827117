import { describe, expect, it, vi } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { CredentialsCorrupt } from '#core/ports/session-keys.ts'
import { createKeyRing, newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { createDataKeys } from './data-keys.ts'

describe('data keys', () => {
  const ring = createKeyRing(newKeyRingSpec())
  const nothing = async () => undefined

  it('are made once where none is stored, also for parallel callers', async () => {
    const dataKeys = createDataKeys(ring)
    const instanceId = newId('instance')
    const load = vi.fn(nothing)
    const [one, two] = await Promise.all([dataKeys.current(instanceId, load), dataKeys.current(instanceId, load)])
    expect(one).toBe(two)
    expect(one.stored).toBe(false)
    expect(await dataKeys.current(instanceId, load)).toBe(one)
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('are loaded where one is stored, and unwrapped once', async () => {
    const instanceId = newId('instance')
    const made = await createDataKeys(ring).current(instanceId, nothing)
    const open = vi.spyOn(ring, 'open')
    const dataKeys = createDataKeys(ring)
    const loaded = await dataKeys.current(instanceId, async () => made)
    expect(loaded).toMatchObject({ wrapped: made.wrapped, stored: true })
    expect(await dataKeys.unwrap(instanceId, made)).toBe(loaded)
    expect(open).toHaveBeenCalledTimes(1)
    open.mockRestore()
  })

  it('are forgotten on demand, and looked up again after a look-up that failed', async () => {
    const dataKeys = createDataKeys(ring)
    const instanceId = newId('instance')
    const failing = dataKeys.current(instanceId, () => Promise.reject(new Error('away')))
    await expect(failing).rejects.toThrow('away')
    const made = await dataKeys.current(instanceId, nothing)
    dataKeys.forget(instanceId)
    expect(await dataKeys.current(instanceId, nothing)).not.toBe(made)
  })

  it('of another instance, or under another ring, are corrupt', async () => {
    const made = await createDataKeys(ring).current(newId('instance'), nothing)
    await expect(createDataKeys(ring).unwrap(newId('instance'), made)).rejects.toThrow(CredentialsCorrupt)
    const otherRing = createKeyRing(newKeyRingSpec('k9'))
    await expect(createDataKeys(otherRing).unwrap(newId('instance'), made)).rejects.toThrow(CredentialsCorrupt)
  })
})
