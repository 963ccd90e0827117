import { expect, test } from 'vitest'
import { whyNotDeploy, type BeforeDeploy } from './deploy-checks.ts'

const good: BeforeDeploy = {
  environment: 'production',
  uncommitted: [],
  hostNames: ['api.wharf.test', 'app.wharf.test'],
  neededSecrets: ['A', 'B'],
  presentSecrets: ['B', 'A', 'OLD'],
  ahead: [],
}

test('nothing speaks against a clean checkout with own names, all secrets and a database that is not ahead', () => {
  expect(whyNotDeploy(good)).toEqual([])
})

test('each thing that does is a sentence that says what to do, all at once', () => {
  const bad: BeforeDeploy = {
    ...good,
    uncommitted: [' M README.md'],
    hostNames: ['api.example.com', 'app.example.com'],
    presentSecrets: ['A'],
    ahead: ['0099_future'],
  }
  expect(whyNotDeploy(bad)).toEqual([
    '1 file differs from the last commit: commit or stash, so that what runs can be named.',
    'wrangler.toml has the example api.example.com and app.example.com for production: write your host names there and commit them.',
    'production has no secret B: set it with `npx wrangler secret put B --env production`.',
    'The database is ahead of this checkout (0099_future): deploy a commit that has these migrations.',
  ])
  expect(whyNotDeploy({ ...good, uncommitted: [' M a', '?? b'] })[0]).toMatch(/^2 files differ from/)
})

test('a name that only contains the example is somebody’s own', () => {
  expect(whyNotDeploy({ ...good, hostNames: ['api.my-example.com'] })).toEqual([])
})
