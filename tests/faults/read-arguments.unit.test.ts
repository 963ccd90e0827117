import { expect, it } from 'vitest'
import { readArguments } from './read-arguments.ts'

const read = (text: string) => readArguments(text.split(' ').filter((word) => word !== ''))

it('without arguments is a whole run with a random seed, and can be run again', () => {
  const asked = read('')
  expect(asked).toMatchObject({
    what: 'run',
    options: { messages: 2_000, kills: 20, others: 10, workers: 3, sessions: 20 },
    points: undefined,
  })
  if (asked.what !== 'run') throw new Error('not a run')
  expect(asked.again).toBe(`npm run test:faults -- --seed ${asked.options.seed}`)
})

it('takes figures, and the command that runs it again keeps them with one seed', () => {
  const asked = read('--messages 50 --kills 2 --seed 7 --workers 2')
  expect(asked).toMatchObject({
    options: { messages: 50, kills: 2, others: 1, workers: 2, seed: 7 },
    again: 'npm run test:faults -- --messages 50 --kills 2 --workers 2 --seed 7',
  })
  expect(read('--seed=8 --kills 1')).toMatchObject({ again: 'npm run test:faults -- --kills 1 --seed 8' })
})

it('takes crash points by name, or all', () => {
  expect(read('--crash-point O6 --times 3')).toMatchObject({ points: ['O6'], times: 3 })
  expect(read('--crash-point O6,I2')).toMatchObject({ points: ['O6', 'I2'] })
  expect(read('--crash-points all')).toMatchObject({ points: expect.arrayContaining(['O1', 'O11', 'I9']) as unknown })
})

it('only checks a folder, or only helps', () => {
  expect(read('--check there')).toEqual({ what: 'check', folder: 'there' })
  expect(read('--help')).toEqual({ what: 'help' })
})

it.each(['--kills many', '--workers 0', '--messages -1', '--seed 1.5', '--crash-point O9', '--nonsense', 'word'])(
  'refuses %s with a sentence',
  (text) => {
    expect(() => read(text)).toThrow(/./)
    expect(() => read(text)).toThrowError(expect.objectContaining({ name: 'UserError' }) as Error)
  },
)
