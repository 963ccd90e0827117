export interface Stoppable {
  stop(): Promise<void>
}

/** Newest first. A part that cannot stop does not keep the others alive; the first failure is thrown in the end. */
export async function stopAll(started: readonly Stoppable[]): Promise<void> {
  const failures: unknown[] = []
  for (const running of started.toReversed()) {
    await running.stop().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}
