import { expect, it } from 'vitest'
import { createMessageLine, type MessageLine, type Passage } from './message-line.ts'

/** A stanza whose steps the test takes. */
function enter(line: MessageLine, said: string[], name: string, { overlaps = true } = {}) {
  let finish: (error?: Error) => void = () => {}
  const finished = new Promise<void>((resolve, reject) => (finish = (error) => (error ? reject(error) : resolve())))
  let passage: Passage | undefined
  const handled = line.enter(overlaps, async (given) => {
    passage = given
    said.push(`${name} begins`)
    try {
      await finished
    } finally {
      await given.turn
    }
    said.push(`${name} answered`)
  })
  handled.catch(() => {})
  return { handled, finish, letNextBegin: () => passage?.letNextBegin() }
}

const turns = () => new Promise((resolve) => setImmediate(resolve))

it('begins with the next when it may, and answers in the order of arrival whichever is finished first', async () => {
  const said: string[] = []
  const line = createMessageLine()
  const [a, b] = ['a', 'b'].map((name) => enter(line, said, name))
  await turns()
  expect(said).toEqual(['a begins'])
  a?.letNextBegin()
  await turns()
  expect(said).toEqual(['a begins', 'b begins'])
  b?.finish()
  await turns()
  expect(said).toEqual(['a begins', 'b begins'])
  a?.finish()
  await b?.handled
  expect(said).toEqual(['a begins', 'b begins', 'a answered', 'b answered'])
})

it('begins with the next at the latest when one has been dealt with, also by an error', async () => {
  const said: string[] = []
  const line = createMessageLine()
  const [a, b] = ['a', 'b'].map((name) => enter(line, said, name))
  a?.finish(new Error('a'))
  await expect(a?.handled).rejects.toThrow('a')
  await turns()
  expect(said).toEqual(['a begins', 'b begins'])
  b?.finish()
  await b?.handled
})

it('lets nothing begin beside one that does not overlap, and begins with that when all before are dealt with', async () => {
  const said: string[] = []
  const line = createMessageLine()
  const a = enter(line, said, 'a')
  const alone = enter(line, said, 'alone', { overlaps: false })
  const c = enter(line, said, 'c')
  await turns()
  a.letNextBegin()
  await turns()
  expect(said).toEqual(['a begins'])
  a.finish()
  await turns()
  alone.letNextBegin()
  await turns()
  expect(said).toEqual(['a begins', 'a answered', 'alone begins'])
  alone.finish()
  c.finish()
  await c.handled
  expect(said.slice(3)).toEqual(['alone answered', 'c begins', 'c answered'])
})
