import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { logIn } from '#local/client/log-in.ts'
import type { ServerView } from '#contracts/http/servers.ts'
import type { Stage } from '#tests/ops/stage/open-stage.ts'
import { playInVain } from './playing.ts'

/** The worker of a release that runs and never becomes healthy. */
const neverHealthy = `import { createServer } from 'node:http'
createServer((_request, response) => response.writeHead(503).end()).listen(Number(process.env['PORT']), process.env['HOST'])
`

/** A release that never becomes healthy: the machine goes back to what it ran, and no other machine is touched. */
export async function deployBrokenRelease(stage: Stage, running: string): Promise<void> {
  const { checkout, play } = stage
  const broken = await checkout.commit('Broken', { 'tests/ops/worker/machine-worker.ts': neverHealthy })
  const sentence = `one runs ${running} as before, since ${broken} failed there`
  // What it goes back to has as long until it is healthy.
  const { output } = await playInVain(play, sentence, 'deploy', '-e', 'worker_healthy_seconds=20')
  assert(output.includes('the worker was not healthy within 20 s'), output)
  assert(!/^two +:/m.test(output), 'The other machine was not touched.')
}

/** Mistakes that a playbook notices before it changes anything. */
export async function makeMistakes({ machines, play }: Stage): Promise<number> {
  const mistakes = [
    [
      'worker_api_origin must look like https://api.example.com',
      'deploy',
      '-e',
      'worker_api_origin=https://x.example/',
    ],
    ['worker_log_level must look like', 'rotate-secrets', '-e', 'worker_log_level=loud'],
    ['worker_database_url is not set.', 'deploy', '-e', 'worker_database_url='],
    [
      'did not let playbooks@example.com in, so nothing was changed there',
      'deploy',
      '-e',
      'control_plane_password=wrong',
    ],
    ['Name the machines with --limit', 'drain'],
    [
      'from where you are connected now, would be shut out',
      'provision',
      '-e',
      '{"base_ssh_from": ["198.51.100.0/24"]}',
    ],
    ['that is no list of networks such as', 'provision', '-e', '{"base_ssh_from": ["everywhere"]}'],
  ] as const
  for (const [sentence, name, ...args] of mistakes) {
    const { changed } = await playInVain(play, sentence, name, ...args)
    assert.equal(changed, 0, `${name} ${args.join(' ')} changed something.`)
  }
  const [first] = machines.all
  await first!.tell('mkdir -p /tmp/full && mount -t tmpfs -o size=100M tmpfs /opt')
  try {
    const { changed } = await playInVain(play, 'one has 100 MB free in /opt and a release needs 1024', 'deploy')
    assert.equal(changed, 0)
  } finally {
    await first!.tell('umount /opt')
  }
  return mistakes.length + 1
}

/** A token that was used already: the machine stays nobody, and its token's server is the one that enrolled first. */
export async function enrollTwice(stage: Stage): Promise<void> {
  const admin = await logIn(stage.stack.url, stage.admin)
  const body = {
    name: 'spare',
    url: 'https://spare.example',
    region: 'default',
    ip_address: '192.0.2.1',
    max_capacity: 1,
  }
  const { data } = await admin.request<ServerView & { enrollment: { token: string } }>('POST', '/api/admin/servers', {
    body,
  })
  const { token } = data.enrollment
  const answer = await fetch(`${stage.stack.url}/internal/enroll`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token,
      public_key: randomBytes(32).toString('base64url'),
      version: 'x',
      cpu_cores: 1,
      ram_gb: 1,
    }),
  })
  assert.equal(answer.status, 200, await answer.text())
  const [machine] = stage.machines.all
  const environment =
    'set -a; . /etc/wharf/worker.env; DATA_DIR=/tmp/spare CREDENTIALS_DIRECTORY=/etc/wharf/credentials'
  const command = `node --import tsx worker-node/bin/worker.ts --enroll ${token} --edge ${stage.edgeUrl} --enroll-only`
  const { ok, output } = await machine!.ask(
    `cd /opt/wharf/current && ${environment}; ${command}; code=$?; ls /tmp/spare; exit $code`,
  )
  assert(!ok && output.includes('This enrollment token was used already'), output)
  await admin.request('DELETE', `/api/admin/servers/${data.id}`)
}

/** A machine that cannot be reached: the playbook says which, and the others go on with what they run. */
export async function deployUnreachable({ play }: Stage, name: string, release: string): Promise<void> {
  const version = ['-e', `worker_version=${release}`]
  const { changed, output } = await playInVain(play, `${name} cannot be reached over SSH at`, 'deploy', ...version)
  assert.equal(changed, 0)
  assert(!output.includes('UNREACHABLE'), output)
}
