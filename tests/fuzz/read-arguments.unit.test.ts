import { expect, it } from 'vitest'
import { readArguments } from './read-arguments.ts'

it('asks for 20,000 requests of a seed of now unless told', () => {
  expect(readArguments([], 7)).toEqual({ action: 'fuzz', seed: 7, requests: 20_000 })
  expect(readArguments(['--seed', '3', '--requests', '90'], 7)).toEqual({ action: 'fuzz', seed: 3, requests: 90 })
  expect(readArguments(['--help'], 7)).toEqual({ action: 'help' })
})

it.each([
  [['--requests', '0'], '--requests takes a whole number from 1, not "0".'],
  [['--requests', '1e3'], '--requests takes a whole number from 1, not "1e3".'],
  [['--seed', '-1'], /argument is ambiguous/],
  [['--seed', 'x'], '--seed takes a whole number from 0, not "x".'],
  [['--surprise'], /Unknown option '--surprise'.*--requests N/s],
])('refuses %j', (args, message) => {
  expect(() => readArguments(args, 7)).toThrow(message)
})
