/** A mistake or circumstance that the person at the terminal can mend: shown as its one sentence, without a stack. */
export class UserError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'UserError'
  }
}

/** Runs an entry file's main function: a UserError prints its sentence, anything else its stack, both end with 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error)
    process.exitCode = 1
  }
}
