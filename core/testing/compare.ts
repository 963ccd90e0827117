/** The order of two values, for `toSorted`. */
export function compare<T extends string | number | Date>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
