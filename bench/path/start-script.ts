import { Miniflare } from 'miniflare'
import { guardWorkerd } from '#local/edge/guard-workerd.ts'
import { readWranglerConfig } from '#local/edge/wrangler-config.ts'
import { newestWorkerd } from './process-use.ts'

/** A Worker of the benchmarks' own that runs in a workerd of its own. */
export interface RunningScript {
  url: string
  /** Of workerd. */
  pid: number
  stop(): Promise<void>
}

/** `script` is an ES module. Under the compatibility date of the product. */
export async function startScript(script: string, bindings: Record<string, string> = {}): Promise<RunningScript> {
  const { compatibilityDate } = await readWranglerConfig()
  const miniflare = new Miniflare({
    modules: true,
    script,
    compatibilityDate,
    bindings,
    host: '127.0.0.1',
    port: 0,
    cf: false,
    telemetry: { enabled: false },
  })
  const { origin } = await miniflare.ready
  await guardWorkerd()
  return { url: origin, pid: await newestWorkerd(process.pid), stop: () => miniflare.dispose() }
}
