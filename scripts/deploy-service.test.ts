import { beforeEach, describe, expect, it } from 'vitest'
import { edgeSecrets } from '#edge/config.ts'
import { deployService, type DeployRequest, type DeployTools, type Places } from './deploy-service.ts'

const allSecrets = `\n ⛅️ wrangler\n${JSON.stringify(edgeSecrets.map((name) => ({ name, type: 'secret_text' })))}\n`
const request: DeployRequest = { environment: 'production', check: false, pagesProject: 'pages' }

/** What was run, in its order; `fails` is the one that ends with 1. */
let done: string[]
let fails: string
let secrets: string
let places: Places

beforeEach(() => {
  done = []
  fails = 'nothing'
  secrets = allSecrets
  places = { api: 'api.wharf.test', dashboard: 'https://app.wharf.test' }
})

function tools(): DeployTools {
  async function run(what: string, output = '') {
    done.push(what)
    return { code: what.startsWith(fails) ? 1 : 0, output }
  }
  return {
    git: (args) => run(`git ${args.join(' ')}`),
    wrangler: (args) => run(args.join(' '), args[0] === 'secret' ? secrets : ''),
    buildDashboard: (origin) => run(`build for ${origin}`),
    ahead: () => Promise.resolve([]),
    migrate: async () => void done.push('migrate'),
    places: () => places,
    log: (line) => void done.push(line),
  }
}

const asked = ['git status --porcelain', 'secret list --env production --format json']
const build = 'build for https://api.wharf.test'
const worker = 'deploy --env production'

describe('a deployment', () => {
  it('builds, migrates, and then deploys Worker and pages', async () => {
    await deployService(tools(), request)
    expect(done).toEqual([
      ...asked,
      build,
      'migrate',
      worker,
      'pages deploy dist/dashboard --project-name pages --branch main',
      'production is deployed: https://api.wharf.test/health says which version answers.',
    ])
  })

  it('builds the dashboard for its own origin when wrangler.toml names no other', async () => {
    places = { api: 'wharf.test', dashboard: undefined }
    await deployService(tools(), request)
    expect(done).toContain('build for ')
  })

  it('changes nothing when it is only to check', async () => {
    await deployService(tools(), { ...request, check: true })
    expect(done).toEqual([...asked, 'Nothing speaks against deploying to production.'])
  })

  it('changes nothing when something speaks against it', async () => {
    secrets = '[]'
    await expect(deployService(tools(), request)).rejects.toThrow(
      /^Nothing was deployed:\n {2}production has no secret/,
    )
    expect(done).toEqual(asked)
  })

  it.each(['', 'You are not logged in.', '[{"title": 1}]'])(
    'says what wrangler says in place of a list: %s',
    async (text) => {
      secrets = text
      await expect(deployService(tools(), request)).rejects.toThrow(
        `Cloudflare does not list the secrets of production:\n${text}`,
      )
      expect(done).toEqual(asked)
    },
  )
})

it.each([
  ['git', 'git does not say whether this checkout has changes', asked.slice(0, 1)],
  ['build', 'The dashboard cannot be built, see above. Nothing was deployed.', [...asked, build]],
  ['deploy', 'The Worker was not deployed, see above: the old one runs on.', [...asked, build, 'migrate', worker]],
  [
    'pages',
    'The dashboard was not deployed, see above: the old pages stay. The new Worker runs.',
    [...asked, build, 'migrate', worker, 'pages deploy dist/dashboard --project-name pages --branch main'],
  ],
])(
  'when %s fails nothing after it is done, and the sentence says what is in service',
  async (what, sentence, before) => {
    fails = what
    await expect(deployService(tools(), request)).rejects.toThrow(sentence)
    expect(done).toEqual(before)
  },
)
