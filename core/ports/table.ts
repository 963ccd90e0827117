/** One page of a table, and how many rows all pages have. */
export interface TablePage<T> {
  rows: T[]
  total: number
}

export interface PageRequest {
  /** Counts from 1. */
  page: number
  perPage: number
}
