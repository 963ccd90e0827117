interface ImportMetaEnv {
  /** Origin of the API; empty is the pages' own. The build writes it. */
  readonly API_ORIGIN: string
}
