import { ApiError } from '#contracts/errors.ts'

/**
 * Which of the offered media types the header `Accept` likes most (RFC 9110, 12.5.1); the earlier one when it does not
 * care. Throws NOT_ACCEPTABLE.
 */
export function negotiateMedia<const T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  if (accept === undefined || accept.trim() === '') return offered[0]
  const ranges = accept.split(',').map(readRange)
  const [best] = offered
    .map((type) => ({ type, quality: qualityOf(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
  if (best !== undefined) return best.type
  throw new ApiError('NOT_ACCEPTABLE', `This path answers only ${offered.join(', ')}.`)
}

interface Range {
  type: string
  quality: number
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.map((parameter) => /^q=(\d(?:\.\d{0,3})?)$/.exec(parameter)?.[1]).find(Boolean)
  return { type, quality: quality === undefined ? 1 : Number(quality) }
}

/** The most specific range counts: exact, then of its group, then any. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const [group] = type.split('/')
  for (const wanted of [type, `${group}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === wanted)
    if (range !== undefined) return range.quality
  }
  return 0
}
