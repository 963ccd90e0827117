import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { projectRoot } from './bundle-edge.ts'
import { readWranglerConfig } from './wrangler-config.ts'

it('reads wrangler.toml as wrangler does', async () => {
  const ours = await readWranglerConfig()
  const theirs = unstable_readConfig({ config: path.join(projectRoot, 'wrangler.toml') })
  expect(ours).toEqual({
    compatibilityDate: theirs.compatibility_date,
    compatibilityFlags: theirs.compatibility_flags,
    vars: theirs.vars,
    crons: theirs.triggers.crons,
  })
  const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string }
  expect(ours.vars['VERSION']).toBe(version)
  expect(theirs.main).toBe(path.join(projectRoot, 'edge/main.ts'))
})

it.each(['staging', 'production'])('%s is the same Worker with the same variables and cron', async (env) => {
  const ours = await readWranglerConfig()
  const theirs = unstable_readConfig({ config: path.join(projectRoot, 'wrangler.toml'), env })
  expect(theirs.vars).toEqual({ ...ours.vars, DASHBOARD_ORIGIN: expect.stringMatching(/^https:/) as string })
  expect(theirs.triggers.crons).toEqual(ours.crons)
  expect(theirs.compatibility_date).toBe(ours.compatibilityDate)
  expect(theirs.workers_dev).toBe(false)
  expect(theirs.routes).toHaveLength(1)
})
