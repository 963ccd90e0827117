import { enrollWorkerContract } from '#contracts/http/enrollment.ts'
import { enrollWorker } from '#core/verbs/servers/enroll-worker.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

/** Its token is the proof: whoever has it may speak for the server once. */
export const enrollWorkerRoute = defineRoute({
  contract: enrollWorkerContract,
  policy: { auth: 'none' },
  async handle({ services, origin, body: { token, public_key, cpu_cores, ram_gb, version } }) {
    const worker = { publicKey: public_key, version, cpuCores: cpu_cores, ramGb: ram_gb }
    const { serverId, name, url } = await enrollWorker(services, origin, token, worker)
    return answer(200, { server_id: serverId, name, url })
  },
})
