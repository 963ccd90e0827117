/** The slow hash that API keys are kept as. */
export interface KeyHash {
  /** What is stored of the key with this SHA-256 (hex). Takes as long as `matches`. */
  hash(keySha256: string): string
  /**
   * Whether the stored hash was made of the key with this SHA-256 (hex). Takes about 220 ms of CPU and is synchronous on
   * purpose: on Workers a request must not wait for another request's promise or timer.
   */
  matches(keySha256: string, secretHash: string): boolean
}
