import path from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import { createAdmin } from '#local/admin/create-admin.ts'
import { actingAs } from '#local/database/acting-as.ts'
import { describeWhatsapp } from '#local/stack/local-overrides.ts'
import type { Progress } from '#local/stack/progress.ts'
import { startStack, type Stack } from '#local/stack/start-stack.ts'
import { stopAll, type Stoppable } from '#local/stack/stop-all.ts'
import { startTestPostgres, databaseUrl } from '#local/testing/start-test-postgres.ts'
import { databaseRoles } from '#migrations/grants.ts'
import type { Machines } from '#tests/ops/machines/open-machines.ts'
import { makeAuthority, writeTrusted, type Authority } from './make-authority.ts'
import { makeCheckout, type Checkout } from './make-checkout.ts'
import { makeNodeMirror } from './make-node-mirror.ts'
import { openDoor, openMirror, openTlsDoor } from './open-doors.ts'
import { preparePlaybooks, type Play } from './playbooks.ts'

/** Machines that are empty still, a control plane that they reach, and the playbooks. */
export interface Stage {
  readonly machines: Machines
  /** The local stack, without workers of its own. */
  readonly stack: Stack
  readonly admin: { email: string; password: string }
  readonly checkout: Checkout
  /** The commit that `provision` installs. */
  readonly firstRelease: string
  readonly play: Play
  /** Origin of the API, as the machines reach it. */
  readonly edgeUrl: string
  readonly authority: Authority
  /** Ends the stack, not the machines. */
  stop(): Promise<void>
}

/** The release of Node that the playbooks install unless told: the test installs the same. */
const nodeVersion = '24.21.0'
const certificateFolder = '/etc/ssl/wharf'

export async function openStage(machines: Machines, progress: Progress, signal: AbortSignal): Promise<Stage> {
  const { folder, network } = machines
  const started: Stoppable[] = []
  const keep = async <T extends Stoppable>(starting: Promise<T>): Promise<T> => {
    const running = await starting
    started.push(running)
    return running
  }
  const stop = () => stopAll(started)
  try {
    const authority = await makeAuthority(folder, signal)
    const postgres = await keep(startTestPostgres())
    const stack = await keep(
      startStack(
        {
          dataDir: path.join(folder, 'stack'),
          databaseUrl: databaseUrl(postgres.adminUrl, postgres.template),
          workers: 0,
          trustedCertificates: [authority.certificate],
        },
        progress,
      ),
    )
    const mirror = path.join(folder, 'node')
    await mkdir(mirror)
    await progress.step(
      'a release of Node',
      () => makeNodeMirror(mirror, nodeVersion, signal),
      () => nodeVersion,
    )
    const { gateway } = network
    const doors = {
      edge: await keep(openTlsDoor(gateway, addressOf(stack.url), await authority.issue(gateway))),
      database: await keep(openDoor(gateway, addressOf(stack.database.url))),
      whatsapp: await keep(openDoor(gateway, addressOf(stack.simulator!.url))),
      node: await keep(openMirror(gateway, mirror)),
    }
    const edgeUrl = `https://${gateway}:${doors.edge.port}`
    await Promise.all(machines.all.map((machine) => putCertificates(machine, authority)))

    const email = 'playbooks@example.com'
    const password = await createAdmin(stack.database.url, { email, name: 'Playbooks', role: 'admin' })
    const checkout = await makeCheckout(path.join(folder, 'checkout'), signal)
    const firstRelease = await checkout.commit('First')
    const { play } = await keep(
      preparePlaybooks({
        checkout: checkout.folder,
        folder,
        trusted: await writeTrusted(folder, authority),
        signal,
        hosts: Object.fromEntries(machines.all.map(({ name, address }) => [name, { ansible_host: address }])),
        vars: {
          ansible_user: 'root',
          ansible_ssh_common_args: `-F ${machines.sshConfig}`,
          worker_api_origin: edgeUrl,
          control_plane_email: email,
          base_ssh_from: [`${gateway}/32`],
          node_mirror: `http://${gateway}:${doors.node.port}`,
          node_version: nodeVersion,
          proxy_host_name: '{{ ansible_host }}',
          proxy_certificate: `${certificateFolder}/machine.pem`,
          proxy_certificate_key: `${certificateFolder}/machine.key`,
          worker_entry: 'tests/ops/worker/machine-worker.ts',
          worker_more_environment: {
            NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
            WHARF_LOCAL_WHATSAPP: describeWhatsapp({
              ...stack.simulator!,
              url: through(stack.simulator!.url, gateway, doors.whatsapp.port),
            }),
          },
        },
        secrets: {
          control_plane_password: password,
          worker_database_url: actingAs(
            through(stack.database.url, gateway, doors.database.port),
            databaseRoles.worker,
          ),
          worker_session_key_ring: stack.state.sessionKeyRing,
          worker_webhook_key_ring: stack.state.webhookKeyRing,
        },
      }),
    )
    return { machines, stack, admin: { email, password }, checkout, firstRelease, play, edgeUrl, authority, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The machine's own certificate, and the authority among those that it trusts: what ACME and the public ones do elsewhere. */
async function putCertificates(machine: Machines['all'][number], authority: Authority): Promise<void> {
  const { certificate, key } = await authority.issue(machine.address)
  const files = {
    [`${certificateFolder}/machine.pem`]: certificate,
    [`${certificateFolder}/machine.key`]: key,
    '/usr/local/share/ca-certificates/authority.crt': authority.certificate,
  }
  await mkdir(path.join(machine.root, certificateFolder), { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(machine.root, file), text)
  await machine.tell('update-ca-certificates')
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

/** The same, by another way. */
function through(url: string, host: string, port: number): string {
  const other = new URL(url)
  other.hostname = host
  other.port = String(port)
  return other.href
}
