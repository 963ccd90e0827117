import { expect, it } from 'vitest'
import { createFakeBackground } from '#core/testing/fake-background.ts'
import { textStream } from './text-stream.ts'

async function* pieces(texts: string[], failure?: Error): AsyncGenerator<string, void> {
  yield* texts
  if (failure !== undefined) throw failure
}

it('sends what is made, piece by piece', async () => {
  const stream = await textStream(pieces(['a', 'b', 'ü']), createFakeBackground())
  expect(await new Response(stream).text()).toBe('abü')
})

it('fails before there is a stream when the first piece fails', async () => {
  await expect(textStream(pieces([], new Error('away')), createFakeBackground())).rejects.toThrow('away')
})

it('breaks off when a later piece fails, and passes the failure on to the log', async () => {
  const background = createFakeBackground()
  const stream = await textStream(pieces(['a'], new Error('away')), background)
  await expect(new Response(stream).text()).rejects.toThrow('away')
  await expect(background.settled()).rejects.toThrow('away')
})

it('makes nothing more when the reader has gone', async () => {
  let made = 0
  async function* endless(): AsyncGenerator<string, void> {
    for (;;) yield String(made++)
  }
  const reader = (await textStream(endless(), createFakeBackground())).getReader()
  await reader.read()
  await reader.cancel()
  const before = made
  expect((await reader.read()).done).toBe(true)
  expect(made).toBe(before)
})
