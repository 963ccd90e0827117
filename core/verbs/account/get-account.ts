import type { AccountView } from '#contracts/http/account.ts'
import { presentAccount } from '#core/rules/present-account.ts'
import { invalidApiKey } from '#core/rules/require-standing.ts'
import type { Actor, App } from '#core/verbs/app.ts'

export async function getAccount(app: Pick<App, 'customers'>, actor: Actor): Promise<AccountView> {
  const account = await app.customers.account(actor.customerId, actor.keyId)
  if (account === undefined) throw invalidApiKey()
  return presentAccount(account)
}
