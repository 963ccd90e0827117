import type { Account, Device } from '#simulator/accounts/account.ts'
import type { RefreshOptions } from '#simulator/api.ts'
import type { SigningKey } from '#simulator/crypto/signing-key.ts'
import { LinkError } from '#simulator/link-error.ts'
import { refreshNotification } from '#simulator/server/pairing-desk.ts'
import type { Candidate } from '#simulator/server/pairing-desk.ts'
import type { World } from '#simulator/server/world.ts'
import { linkCompanion } from './link-companion.ts'

const ACK_TIMEOUT_MS = 2000

interface QrContent {
  ref: string
  noisePublicKey: Buffer
  identityKey: Buffer
  advSecret: string
}

/** Links the companion whose QR this is. @throws LinkError */
export async function scanQr(world: World, account: Account, identity: SigningKey, qrText: string): Promise<Device> {
  const { qr, candidate } = candidateOf(world, qrText)
  if (world.pairing.isRetired(qr.advSecret)) {
    throw new LinkError('SECRET_RETIRED', "Couldn't link device: the server has asked this companion for a new secret.")
  }
  const { registration } = candidate
  if (!registration.noisePublicKey.equals(qr.noisePublicKey) || !registration.identityKey.equals(qr.identityKey)) {
    throw new LinkError('QR_INVALID', 'The QR shows other keys than the companion registered.')
  }
  return await linkCompanion(world, { account, identity, candidate, advSecret: Buffer.from(qr.advSecret, 'base64') })
}

/** Sends `companion_reg_refresh` to the companion that shows this QR, and retires the QR's secret. @throws LinkError */
export async function refreshRegistration(
  world: World,
  qrText: string,
  { shape = 'companion_reg_refresh', ackTimeoutMs = ACK_TIMEOUT_MS }: RefreshOptions = {},
): Promise<{ acknowledged: boolean }> {
  const { qr, candidate } = candidateOf(world, qrText)
  world.pairing.retireSecret(qr.advSecret)
  const notification = refreshNotification(shape, world.nowMs())
  return { acknowledged: (await world.pairing.ask(candidate, notification, ackTimeoutMs)) !== undefined }
}

function candidateOf(world: World, qrText: string): { qr: QrContent; candidate: Candidate } {
  const qr = parseQr(qrText)
  const candidate = world.pairing.byRef(qr.ref)
  if (!candidate) throw new LinkError('QR_UNKNOWN', 'No companion waits with this QR: it has expired.')
  return { qr, candidate }
}

/** A QR is `[https://wa.me/settings/linked_devices#]ref,noise,identity,secret[,platform]`, keys in base64. */
function parseQr(qrText: string): QrContent {
  const [ref, noise = '', identity = '', advSecret = ''] = qrText.slice(qrText.indexOf('#') + 1).split(',')
  const qr = {
    ref: ref ?? '',
    noisePublicKey: Buffer.from(noise, 'base64'),
    identityKey: Buffer.from(identity, 'base64'),
    advSecret,
  }
  const lengths = [qr.noisePublicKey, qr.identityKey, Buffer.from(advSecret, 'base64')].map(({ length }) => length)
  if (lengths.some((length) => length !== 32)) {
    throw new LinkError('QR_INVALID', 'This is no QR of a linked device: it should hold a reference and three keys.')
  }
  return qr
}
