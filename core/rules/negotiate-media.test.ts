import { expect, it } from 'vitest'
import { negotiateMedia } from './negotiate-media.ts'

const offered = ['application/json', 'image/png', 'image/svg+xml', 'text/event-stream'] as const

it.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['image/png', 'image/png'],
  ['IMAGE/PNG', 'image/png'],
  ['image/*', 'image/png'],
  ['image/svg+xml;q=0.9, image/png;q=0.8', 'image/svg+xml'],
  ['image/png;q=0, image/*', 'image/svg+xml'],
  ['application/json;q=0.1, */*;q=0.5', 'image/png'],
  ['text/html, text/event-stream', 'text/event-stream'],
  ['text/html,application/xhtml+xml,image/avif,*/*;q=0.8', 'application/json'],
])('%s: %s', (accept, type) => {
  expect(negotiateMedia(accept, offered)).toBe(type)
})

it.each(['text/html', 'image/jpeg', 'nonsense', '*/*;q=0', ', ,', 'application/json;q=0, image/gif'])(
  'refuses %s and names what there is',
  (accept) => {
    expect(() => negotiateMedia(accept, offered)).toThrow(
      expect.objectContaining({ code: 'NOT_ACCEPTABLE', message: expect.stringContaining('image/svg+xml') }),
    )
  },
)
