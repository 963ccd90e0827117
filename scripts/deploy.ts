// `npm run deploy`: see deploy-service.ts.
import { parseArgs } from 'node:util'
import path from 'node:path'
import { unstable_readConfig } from 'wrangler'
import { runMain, UserError } from '#local/user-error.ts'
import { MigrationRefused } from '#migrations/connect.ts'
import { migrateUp, migrationStatus } from '#migrations/migrate.ts'
import { deployService, environments, type Environment, type Places } from './deploy-service.ts'
import { root, runCommand, runTool } from './run-step.ts'

const help = `npm run deploy -- --env ${environments.join('|')} [--check]

Brings this checkout into service: migrations, then the Worker (wrangler deploy), then the dashboard (wrangler pages deploy).
Refuses a checkout with changes, an environment that lacks a secret, and a database that is ahead. --check only says what
would be refused. docs/first-deployment.md tells the rest.

Environment:
  DATABASE_URL            direct address of the database, in the role that owns the schema
  CLOUDFLARE_API_TOKEN    a token that may edit Workers and Pages
  CLOUDFLARE_ACCOUNT_ID
  PAGES_PROJECT           name of the Pages project (wharf-dashboard, or wharf-dashboard-staging)`

await runMain(async () => {
  const { values } = readArguments()
  if (values.help === true) return console.log(help)
  const environment = environments.find((one) => one === values.env)
  if (environment === undefined) throw new UserError(`Say where to: --env ${environments.join(' or --env ')}.`)
  const databaseUrl = process.env['DATABASE_URL']
  if (!databaseUrl) throw new UserError('DATABASE_URL is not set: give the direct address of the database.')
  try {
    await deployService(
      {
        git: (args) => runCommand('git', args, { capture: true }),
        wrangler: (args, options) => runTool('wrangler/bin/wrangler.js', args, options),
        buildDashboard: (apiOrigin) =>
          runCommand('npm', ['run', '--silent', 'build:dashboard'], { env: { API_ORIGIN: apiOrigin } }),
        ahead: async () => (await migrationStatus(databaseUrl)).ahead,
        migrate: async () => void (await migrateUp(databaseUrl, console.log)),
        places,
        log: console.log,
      },
      { environment, check: values.check ?? false, pagesProject: pagesProject(environment) },
    )
  } catch (error) {
    throw error instanceof MigrationRefused ? new UserError(error.message, { cause: error }) : error
  }
})

function readArguments() {
  try {
    return parseArgs({
      options: { env: { type: 'string' }, check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
}

function places(env: Environment): Places {
  const { routes, vars } = unstable_readConfig({ config: path.join(root, 'wrangler.toml'), env })
  const route = routes?.[0]
  if (route === undefined) throw new UserError(`wrangler.toml has no route for ${env}: write where the API is reached.`)
  const pattern = typeof route === 'string' ? route : route.pattern
  const dashboard = vars['DASHBOARD_ORIGIN']
  return { api: pattern.replace(/\/.*$/, ''), dashboard: typeof dashboard === 'string' ? dashboard : undefined }
}

function pagesProject(environment: Environment): string {
  return process.env['PAGES_PROJECT'] ?? (environment === 'staging' ? 'wharf-dashboard-staging' : 'wharf-dashboard')
}
