/** Time as a port: a worker's decisions follow the database's clock, never its own wall clock. */
export interface Clock {
  now(): Date
}
