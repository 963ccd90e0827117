import type { CustomerId } from '#contracts/ids.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'

/**
 * After the answer, has the workers that run a customer's sessions look at what is wanted now. They look each second by
 * themselves, so nothing depends on it.
 */
export function hintWorkers(
  app: Pick<App, 'gateway' | 'background'> & Pick<AdminApp, 'customerAccounts'>,
  id: CustomerId,
): void {
  app.background.run(async () => {
    const workers = await app.customerAccounts.workersOf(id)
    await Promise.allSettled(workers.map((worker) => app.gateway.look(worker)))
  })
}
