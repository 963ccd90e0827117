import { expect, test } from 'vitest'
import { UserError } from '#local/user-error.ts'
import { benchmarks } from './benchmarks/all.ts'
import { readArguments } from './read-arguments.ts'

test('without names every benchmark is run', () => {
  expect(readArguments([])).toEqual({
    action: 'run',
    chosen: benchmarks,
    quick: false,
    jsonFile: '.wharf/bench.json',
    profileFolder: undefined,
  })
})

test('names choose, in the order of the table', () => {
  const { chosen, quick, jsonFile } = readArguments(['curve', 'warm-send', '--quick', '--json', 'x.json'])
  expect(chosen.map(({ name }) => name)).toEqual(['warm-send', 'curve'])
  expect(quick).toBe(true)
  expect(jsonFile).toBe('x.json')
})

test.each([
  [['warm-sned'], 'There is no benchmark warm-sned: choose from warm-send'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused in a sentence', (args, sentence) => {
  expect(() => readArguments(args)).toThrow(UserError)
  expect(() => readArguments(args)).toThrow(sentence)
})
