import type { InstanceId } from '#contracts/ids.ts'
import {
  PairingRefused,
  type Account,
  type CloseCause,
  type Connection,
  type ConnectionListener,
  type SendOutcome,
  type SendRequest,
} from '#core/ports/driver.ts'
import { CredentialsCorrupt, type SessionKeys } from '#core/ports/session-keys.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { sha256 } from '#core/rules/sha256.ts'
import { causeOfBrokenStore } from './broken-store.ts'
import { plaintextOfText } from './fake-plaintext.ts'
import type { FakeAccount, FakeDevice, FakeItem, FakeNetwork } from './fake-network.ts'
import { onceEnded } from './once-ended.ts'

const qrLifetimeMs = 60_000

/** A connection as the fake WhatsApp's side sees it. */
export interface FakeConnection extends Connection {
  readonly account: FakeAccount | undefined
  /** What an unlinked device shows. */
  readonly qr: string | undefined
  readonly linkCode: { code: string; phoneNumber: string } | undefined
  /** A phone links this device; the connection restarts as WhatsApp's does. */
  link(account: FakeAccount): Promise<void>
  end(kind: CloseCause['kind']): void
}

interface Surroundings {
  keys: SessionKeys
  network: FakeNetwork
  session: { instanceId: InstanceId; fence: Fence }
  onEnded: (connection: FakeConnection) => void
}

let shownCodes = 0

export function openFakeConnection(
  { keys, network, session: { instanceId, fence }, onEnded }: Surroundings,
  listener: ConnectionListener,
): FakeConnection {
  const told = onceEnded(listener, () => {})
  let state: 'starting' | 'pairing' | 'open' | 'ended' = 'starting'
  let login: { account: FakeAccount; device: FakeDevice } | undefined
  let qr: string | undefined
  let linkCode: FakeConnection['linkCode']
  let taking: Promise<void> | undefined

  function end(kind: CloseCause['kind'], detail = 'by the fake'): void {
    if (state === 'ended') return
    state = 'ended'
    qr = linkCode = undefined
    if (login !== undefined) login.device.wake = undefined
    told.onClosed({ kind, code: null, detail })
    network.changed()
    onEnded(connection)
  }

  function broken(error: unknown): void {
    const { kind, detail } = causeOfBrokenStore(error)
    end(kind, detail)
  }

  async function start(): Promise<void> {
    const stored = await keys.loadCredentials(instanceId)
    if (state === 'ended') return
    if (stored === undefined) {
      state = 'pairing'
      qr = `fake-qr-${++shownCodes}`
      return told.onQr(qr, expiry())
    }
    const { phoneNumber, deviceId } = read(instanceId, stored)
    const account = network.account(phoneNumber)
    const device = account?.devices.get(deviceId)
    if (account === undefined || device === undefined) return end('logged-out')
    login = { account, device }
    state = 'open'
    device.wake = () =>
      (taking ??= takeAll(device)
        .catch(broken)
        .finally(() => (taking = undefined)))
    told.onOpen(accountOf(account))
    device.wake()
  }

  /** Everything that waits, one after the other; it goes from the queue when it is durable. */
  async function takeAll(device: FakeDevice): Promise<void> {
    for (let item = device.waiting[0]; item !== undefined && state === 'open'; item = device.waiting[0]) {
      if (item.kind === 'message') await journal(item)
      else if (!(await told.onReceipt(item.receipt))) return
      device.waiting.shift()
      network.changed()
    }
  }

  async function journal({ id, stanza, body, nonce }: Extract<FakeItem, { kind: 'message' }>): Promise<void> {
    const ciphertextHash = await sha256(`${nonce}`)
    await keys.commit(fence, {
      journal: [{ ciphertextHash, waMessageId: id, stanza, plaintext: plaintextOfText(body) }],
    })
    told.onJournaled()
  }

  async function send({ messageId, waMessageId, to, content }: SendRequest): Promise<SendOutcome> {
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return { outcome: 'invalid', detail: 'The recipient is not in E.164.' }
    const recipient = network.account(to)
    if (recipient === undefined) return { outcome: 'not-on-whatsapp' }
    if (state !== 'open' || login === undefined) return { outcome: 'unconfirmed' }
    const leaving = await keys.commit(fence, { sending: [messageId] })
    if (leaving.length === 0) return { outcome: 'withdrawn' }
    const plan = network.takePlan(login.account.phoneNumber)
    if (typeof plan === 'number') return { outcome: 'refused', code: plan }
    network.deliver(login.account, login.device, recipient, { id: waMessageId, body: content.text.body })
    if (plan !== 'lose-ack') return { outcome: 'acked' }
    end('connection-lost')
    return { outcome: 'unconfirmed' }
  }

  const connection: FakeConnection = {
    get account() {
      return login?.account
    },
    get qr() {
      return qr
    },
    get linkCode() {
      return linkCode
    },
    end,
    async link(account) {
      const device = network.link(account)
      const credentials = { phoneNumber: account.phoneNumber, deviceId: device.deviceId }
      await keys.commit(fence, { credentials: new TextEncoder().encode(JSON.stringify(credentials)) })
      told.onPaired(accountOf(account))
      end('restart-required')
    },
    send: (request) =>
      send(request).catch((error: unknown) => {
        broken(error)
        return { outcome: 'unconfirmed' }
      }),
    async requestPairingCode(phoneNumber) {
      if (state !== 'pairing') throw new PairingRefused('not-pairing', 'This connection is not waiting for a phone.')
      linkCode = { code: String(++shownCodes).padStart(8, 'A'), phoneNumber }
      return { code: linkCode.code, expiresAt: expiry() }
    },
    async logout() {
      if (login === undefined || state !== 'open') {
        end('logged-out')
        throw new Error('Not connected to WhatsApp.')
      }
      login.account.devices.delete(login.device.deviceId)
      end('logged-out')
    },
    async close() {
      end('closed-by-us')
    },
  }
  // Not before `open` has returned, as with a real network.
  void Promise.resolve().then(start).catch(broken)
  return connection
}

function accountOf({ phoneNumber }: FakeAccount): Account {
  return { phoneNumber, lid: null }
}

function expiry(): Date {
  return new Date(Date.now() + qrLifetimeMs)
}

function read(instanceId: InstanceId, stored: Uint8Array): { phoneNumber: string; deviceId: number } {
  try {
    return JSON.parse(new TextDecoder().decode(stored)) as { phoneNumber: string; deviceId: number }
  } catch (cause) {
    throw new CredentialsCorrupt(instanceId, 'credentials', { cause })
  }
}
