import { expect, it } from 'vitest'
import { countedStream } from './counted-stream.ts'

function arrange() {
  const pulled: number[] = []
  const seen: number[] = []
  let cancelled = false
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled.push(pulled.length)
        if (pulled.length > 3) controller.close()
        else controller.enqueue(new Uint8Array(pulled.length * 10))
      },
      cancel: () => void (cancelled = true),
    },
    { highWaterMark: 0 },
  )
  return { stream: countedStream(source, (bytes) => seen.push(bytes)), pulled, seen, wasCancelled: () => cancelled }
}

it('tells of each piece and changes none', async () => {
  const { stream, seen } = arrange()
  expect((await new Response(stream).arrayBuffer()).byteLength).toBe(60)
  expect(seen).toEqual([10, 20, 30])
})

it('takes nothing that nobody reads, and ends with its reader', async () => {
  const { stream, pulled, seen, wasCancelled } = arrange()
  const reader = stream.getReader()
  expect(pulled).toEqual([])
  await reader.read()
  expect(pulled).toEqual([0])
  await reader.cancel()
  expect(wasCancelled()).toBe(true)
  expect(seen).toEqual([10])
})

it('fails as its source fails', async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('broken')) })
  await expect(new Response(countedStream(broken, () => {})).text()).rejects.toThrow('broken')
})
