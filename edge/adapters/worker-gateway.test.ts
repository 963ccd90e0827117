import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { createWorkerGateway } from './worker-gateway.ts'

const route = {
  instanceId: newId('instance'),
  serverId: newId('server'),
  url: 'http://127.0.0.1:1',
  epoch: 1,
  incarnation: 'run-1',
}
const tokens = { sign: async () => 'token' }

it('sends no token over plain HTTP', async () => {
  const gateway = createWorkerGateway({ tokens, requestId: 'req_1', allowPlainHttp: false })
  await expect(gateway.command(route, 'sync', {})).rejects.toMatchObject({
    code: 'WORKER_UNAVAILABLE',
    cause: { message: 'The worker has no https address.' },
  })
})

it('a worker that is not there is unavailable', async () => {
  const gateway = createWorkerGateway({ tokens, requestId: 'req_1', allowPlainHttp: true })
  await expect(gateway.command(route, 'sync', {})).rejects.toMatchObject({
    code: 'WORKER_UNAVAILABLE',
    retryAfterSeconds: 5,
  })
})
