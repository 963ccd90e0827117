import { rarities, type Story } from './run-seed.ts'

/** What came of some seeds: sums, and the stories in which a promise broke. */
export interface Share extends Pick<Story, 'messages' | 'happened' | 'lastedMs' | 'met'> {
  seeds: number
  failures: Pick<Story, 'seed' | 'broken'>[]
}

export function emptyShare(): Share {
  const met = { restricted: 0, slowed: 0, probed: 0 }
  return { seeds: 0, messages: 0, happened: 0, lastedMs: 0, met, failures: [] }
}

export function shareOf({ seed, broken, ...sums }: Story): Share {
  return { ...sums, seeds: 1, failures: broken === undefined ? [] : [{ seed, broken }] }
}

export function addShare(total: Share, share: Share): void {
  for (const sum of ['seeds', 'messages', 'happened', 'lastedMs'] as const) total[sum] += share[sum]
  for (const rarity of rarities) total.met[rarity] += share.met[rarity]
  total.failures.push(...share.failures)
}
