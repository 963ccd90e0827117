import { expect, it } from 'vitest'
import { createRandom } from '#tests/simulation/random.ts'
import { describeFault, planFaults } from './schedule.ts'

const plan = (seed: number, changes: Partial<Parameters<typeof planFaults>[0]> = {}) => {
  const dice = createRandom(seed)
  return planFaults({ kills: 20, others: 11, workers: 3, maxMs: 30_000, random: () => dice.next(), ...changes })
}

it('is the same for the same seed and another for another', () => {
  expect(plan(1)).toEqual(plan(1))
  expect(plan(2)).not.toEqual(plan(1))
})

it('has as many kills as asked for, in order, spread over the run, and each other kind of fault', () => {
  const planned = plan(3)
  const kills = planned.filter(({ fault }) => fault.kind === 'kill')
  expect(kills).toHaveLength(20)
  expect(planned.map(({ at }) => at)).toEqual(planned.map(({ at }) => at).toSorted((one, other) => one - other))
  kills.forEach(({ at }, index) => {
    expect(at).toBeGreaterThan(index / 20)
    expect(at).toBeLessThan((index + 1) / 20)
  })
  const others = new Set(planned.map(({ fault }) => ('link' in fault ? `${fault.kind} ${fault.link}` : fault.kind)))
  expect([...others].toSorted()).toEqual([
    'cut client-edge',
    'cut edge-database',
    'cut edge-redis',
    'cut edge-worker',
    'cut worker-database',
    'cut worker-whatsapp',
    'database-restart',
    'freeze worker-database',
    'freeze worker-whatsapp',
    'kill',
    'pause',
  ])
})

it('keeps every fault within its longest time', () => {
  for (const { fault } of plan(4, { maxMs: 1_000 }))
    expect(fault.kind === 'kill' ? fault.downMs : fault.forMs).toBeLessThanOrEqual(1_000)
})

it('says in words what it does', () => {
  expect(describeFault({ kind: 'kill', worker: 0, downMs: 0 })).toBe('kill -9 worker 1, down for 0 ms')
  expect(describeFault({ kind: 'cut', link: 'edge-redis', worker: undefined, forMs: 5 })).toBe(
    'cut edge-redis for 5 ms',
  )
})
