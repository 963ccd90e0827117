import { describe, expect, it } from 'vitest'
import { jsonDepth } from './json-depth.ts'
import { readLimited } from './read-limited.ts'

describe('the depth of a JSON text', () => {
  it.each([
    ['1', 0],
    ['{}', 1],
    ['[[],[[]]]', 3],
    ['{"a":{"b":[1]}}', 3],
    ['"[[["', 0],
    ['{"a\\"[[":"]]"}', 1],
    ['"\\\\"', 0],
    ['["\\\\",[1]]', 2],
    ['[[[', 3],
    [']]][', 0],
  ])('of %s is %i', (text, depth) => {
    expect(jsonDepth(text)).toBe(Math.max(depth, 0))
  })
})

describe('reading a limited body', () => {
  const streamed = (chunks: number[], onPull: () => void = () => {}) => {
    const rest = [...chunks]
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        onPull()
        const size = rest.shift()
        if (size === undefined) controller.close()
        else controller.enqueue(new Uint8Array(size).fill(1))
      },
    })
    return new Request('http://x/', { method: 'POST', body, duplex: 'half' } as RequestInit)
  }

  it('joins what came in pieces', async () => {
    expect(await readLimited(streamed([3, 0, 5]), 8)).toEqual(new Uint8Array(8).fill(1))
  })

  it('takes no body for an empty one', async () => {
    expect(await readLimited(new Request('http://x/', { method: 'POST' }), 8)).toEqual(new Uint8Array())
  })

  it('refuses one byte too many, also without a length', async () => {
    await expect(readLimited(streamed([8, 1]), 8)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  })

  it('stops reading as soon as it is too much', async () => {
    let pulled = 0
    const endless = streamed(
      Array.from({ length: 10_000 }, () => 10),
      () => pulled++,
    )
    await expect(readLimited(endless, 100)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    expect(pulled).toBeLessThan(20)
  })

  it('refuses by the declared length without reading', async () => {
    const request = new Request('http://x/', { method: 'POST', body: 'x', headers: { 'content-length': '999' } })
    await expect(readLimited(request, 8)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  })
})
