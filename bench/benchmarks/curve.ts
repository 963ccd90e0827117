import type { Benchmark, Goal, Row } from '#bench/benchmark.ts'
import type { Subject } from '#bench/stage/open-stage.ts'
import type { CurveCosts } from '#bench/subject/subject-calls.ts'
import { inTurn, variants, type PerVariant } from '#bench/variants.ts'

const tenTimesFaster: Goal = { of: 'ratio', atMost: 1 / 10 }
const threeTimesFaster: Goal = { of: 'ratio', atMost: 1 / 3 }

export const curve: Benchmark = {
  name: 'curve',
  seconds: 12,
  what: 'CPU of an XEdDSA signature, of checking one, and of an X25519 agreement, by the functions that libsignal exports: its own JavaScript (raw), and what the driver puts in their place',
  often: ({ rounds, signatures, agreements }) =>
    `${rounds} rounds of ${signatures} signatures and ${agreements} agreements, all with keys of their own, after one that is not counted`,
  async run({ stage, sizes: { rounds, signatures, agreements } }) {
    const subjects = {} as PerVariant<Subject>
    for (const variant of variants) subjects[variant] = await stage.startSubject(variant)
    await inTurn(1, (variant) => subjects[variant].calls.curve(signatures, agreements))
    const costs = await inTurn(rounds, (variant) => subjects[variant].calls.curve(signatures, agreements))
    for (const variant of variants) await subjects[variant].stop()
    const row = (metric: string, pick: (costs: CurveCosts) => number): Row => ({
      metric,
      unit: 'us',
      raw: costs.raw.map(pick),
      driver: costs.driver.map(pick),
    })
    return [
      row('sign', ({ signUs }) => signUs),
      row('verify', ({ verifyUs }) => verifyUs),
      { ...row('sign and verify', ({ signUs, verifyUs }) => signUs + verifyUs), goal: tenTimesFaster },
      { ...row('X25519', ({ agreeUs }) => agreeUs), goal: threeTimesFaster },
    ]
  },
}
