import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { deleteWebhookContract, getWebhookContract, testWebhookContract } from '#contracts/http/webhooks.ts'
import { answer, noContent } from './answers.ts'
import { defineRoute } from './define-route.ts'

/** The type check is the test: each expected error must be one. */
it('takes no route without a policy or a contract, nor one that answers past its contract', () => {
  const policy = { auth: 'none' } as const
  const handle = async () => noContent
  const keyPolicy = { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first' } as const
  const oncePolicy = { ...keyPolicy, idempotent: 'whole-answer' } as const
  const handleTest = async () => answer(202, { event_id: newId('event') })
  const routes = [
    defineRoute({ contract: deleteWebhookContract, policy, handle }),
    // @ts-expect-error -- no policy
    defineRoute({ contract: deleteWebhookContract, handle }),
    // @ts-expect-error -- no contract
    defineRoute({ policy, handle }),
    // @ts-expect-error -- this contract answers 200 with a webhook
    defineRoute({ contract: getWebhookContract, policy, handle }),
    // @ts-expect-error -- a POST says what a repetition does
    defineRoute({ contract: testWebhookContract, policy: keyPolicy, handle: handleTest }),
    defineRoute({
      contract: testWebhookContract,
      policy: oncePolicy,
      handle: handleTest,
      tellAgain: handleTest,
    }),
    // @ts-expect-error -- what happens once can be told again
    defineRoute({ contract: testWebhookContract, policy: oncePolicy, handle: handleTest }),
    // @ts-expect-error -- a policy of a key names its scope
    defineRoute({ contract: deleteWebhookContract, policy: { auth: 'api-key' }, handle }),
  ]
  expect(routes).toHaveLength(8)
})
