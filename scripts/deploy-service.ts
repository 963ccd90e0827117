import { z } from 'zod'
import { edgeSecrets } from '#edge/config.ts'
import { UserError } from '#local/user-error.ts'
import { whyNotDeploy } from './deploy-checks.ts'
import type { Outcome } from './run-step.ts'

export const environments = ['staging', 'production'] as const
export type Environment = (typeof environments)[number]

/** Where an environment is reached. */
export interface Places {
  api: string
  /** Origin of the pages; undefined: the API's own. */
  dashboard: string | undefined
}

/** The world that a deployment changes. */
export interface DeployTools {
  /** Each shows its output, unless `capture` keeps it. */
  git(args: string[]): Promise<Outcome>
  wrangler(args: string[], options?: { capture: true }): Promise<Outcome>
  buildDashboard(apiOrigin: string): Promise<Outcome>
  /** Migrations of the database that this checkout does not have. */
  ahead(): Promise<string[]>
  migrate(): Promise<void>
  places(environment: Environment): Places
  log(line: string): void
}

export interface DeployRequest {
  environment: Environment
  /** Only say what would be refused. */
  check: boolean
  pagesProject: string
}

/**
 * Brings this checkout into service: the dashboard is built, then migrations, the Worker, the pages. What can be refused is
 * refused before anything is changed. Throws UserError.
 */
export async function deployService(tools: DeployTools, request: DeployRequest): Promise<void> {
  const { environment, check, pagesProject } = request
  const { api, dashboard } = tools.places(environment)
  const reasons = whyNotDeploy({
    environment,
    uncommitted: await uncommittedFiles(tools),
    hostNames: [api, ...(dashboard === undefined ? [] : [new URL(dashboard).hostname])],
    neededSecrets: edgeSecrets,
    presentSecrets: await presentSecrets(tools, environment),
    ahead: await tools.ahead(),
  })
  if (reasons.length > 0) throw new UserError(['Nothing was deployed:', ...reasons].join('\n  '))
  if (check) return tools.log(`Nothing speaks against deploying to ${environment}.`)

  const built = await tools.buildDashboard(dashboard === undefined ? '' : `https://${api}`)
  if (built.code !== 0) throw new UserError('The dashboard cannot be built, see above. Nothing was deployed.')
  await tools.migrate()
  const worker = await tools.wrangler(['deploy', '--env', environment])
  if (worker.code !== 0)
    throw new UserError(
      'The Worker was not deployed, see above: the old one runs on. The migrations are applied. Mend it and run the same command again.',
    )
  const pages = await tools.wrangler([
    'pages',
    'deploy',
    'dist/dashboard',
    '--project-name',
    pagesProject,
    '--branch',
    'main',
  ])
  if (pages.code !== 0)
    throw new UserError(
      'The dashboard was not deployed, see above: the old pages stay. The new Worker runs. Mend it and run the same command again.',
    )
  tools.log(`${environment} is deployed: https://${api}/health says which version answers.`)
}

async function uncommittedFiles(tools: DeployTools): Promise<string[]> {
  const { code, output } = await tools.git(['status', '--porcelain'])
  if (code !== 0) throw new UserError(`git does not say whether this checkout has changes: ${output.trim()}`)
  return output.split('\n').filter((line) => line !== '')
}

const secretListSchema = z.array(z.object({ name: z.string() }))

async function presentSecrets(tools: DeployTools, environment: Environment): Promise<string[]> {
  const { code, output } = await tools.wrangler(['secret', 'list', '--env', environment, '--format', 'json'], {
    capture: true,
  })
  const list = secretListSchema.safeParse(jsonIn(output))
  if (code !== 0 || !list.success)
    throw new UserError(`Cloudflare does not list the secrets of ${environment}:\n${output.trim()}`)
  return list.data.map(({ name }) => name)
}

/** Wrangler may say something before the list. */
function jsonIn(output: string): unknown {
  try {
    return JSON.parse(output.slice(output.search(/^\[/m)))
  } catch {
    return undefined
  }
}
