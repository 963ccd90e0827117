import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import type { Account, Device } from '#simulator/accounts/account.ts'
import { accountJid } from '#simulator/accounts/account.ts'
import { hmacSha256 } from '#simulator/crypto/symmetric.ts'
import type { SigningKey } from '#simulator/crypto/signing-key.ts'
import { verifySignature } from '#simulator/crypto/verify-signature.ts'
import { LinkError } from '#simulator/link-error.ts'
import { announceDevice } from '#simulator/server/announce-device.ts'
import { newStanzaId } from '#simulator/server/pairing-desk.ts'
import type { Candidate } from '#simulator/server/pairing-desk.ts'
import { streamErrors } from '#simulator/server/stream-errors.ts'
import type { World } from '#simulator/server/world.ts'
import { SERVER_JID, bytesOf, childOf, makeNode, unixSeconds } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'

/** What the two signatures of a linked device are over, first of all. */
export const ACCOUNT_SIGNATURE_PREFIX = Buffer.from([6, 0])
export const DEVICE_SIGNATURE_PREFIX = Buffer.from([6, 1])

const ANSWER_TIMEOUT_MS = 15_000

export interface LinkRequest {
  account: Account
  identity: SigningKey
  candidate: Candidate
  /** The secret that phone and companion share by now, from the QR or from the code's exchange. */
  advSecret: Buffer
}

/**
 * Makes a companion a linked device: the phone signs for it, the companion signs back, and the server ends the connection
 * with 515 so that the companion logs in.
 *
 * @throws LinkError `COMPANION_REFUSED` when the companion does not sign, or not with its own key
 */
export async function linkCompanion(world: World, request: LinkRequest): Promise<Device> {
  const { account, candidate } = request
  const deviceId = world.accounts.reserveDeviceId(account)
  const signed = signForCompanion(world, request, deviceId)
  const answer = await world.pairing.ask(candidate, pairSuccess(world, request, deviceId, signed), ANSWER_TIMEOUT_MS)
  if (!answer || !isSignedBack(answer, candidate, signed)) {
    throw new LinkError('COMPANION_REFUSED', 'The companion did not accept: could not link device.')
  }
  const device = deviceOf(world, request, deviceId)
  world.accounts.addDevice(device)
  announceDevice(world, device, 'add')
  world.log(`+${account.number}: device ${deviceId} linked`)
  candidate.connection.end(streamErrors['515']())
  return device
}

function signForCompanion(world: World, request: LinkRequest, keyIndex: number): proto.IADVSignedDeviceIdentity {
  const { account, identity, candidate } = request
  const details = proto.ADVDeviceIdentity.encode({
    rawId: account.rawId,
    timestamp: Math.floor(world.nowMs() / 1000),
    keyIndex,
    accountType: proto.ADVEncryptionType.E2EE,
    deviceType: proto.ADVEncryptionType.E2EE,
  }).finish()
  const message = Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, candidate.registration.identityKey])
  return { details, accountSignatureKey: identity.publicKey, accountSignature: identity.sign(message) }
}

function pairSuccess(
  world: World,
  { account, advSecret }: LinkRequest,
  deviceId: number,
  signed: proto.IADVSignedDeviceIdentity,
): BinaryNode {
  const details = proto.ADVSignedDeviceIdentity.encode(signed).finish()
  const container = proto.ADVSignedDeviceIdentityHMAC.encode({
    details,
    hmac: hmacSha256(advSecret, details),
    accountType: proto.ADVEncryptionType.E2EE,
  }).finish()
  const device = {
    jid: accountJid(account, 'pn', deviceId),
    lid: accountJid(account, 'lid', deviceId),
  }
  const attrs = { from: SERVER_JID, type: 'set', id: newStanzaId(), xmlns: 'md', t: unixSeconds(world.nowMs()) }
  return makeNode('iq', attrs, [
    makeNode('pair-success', {}, [
      makeNode('device-identity', {}, container),
      makeNode('biz', { name: account.name }),
      makeNode('device', device),
      makeNode('platform', { name: 'android' }),
    ]),
  ])
}

function isSignedBack(answer: BinaryNode, candidate: Candidate, signed: proto.IADVSignedDeviceIdentity): boolean {
  const encoded = bytesOf(childOf(childOf(answer, 'pair-device-sign'), 'device-identity'))
  if (!encoded || !signed.details || !signed.accountSignatureKey) return false
  const { identityKey } = candidate.registration
  const { deviceSignature } = proto.ADVSignedDeviceIdentity.decode(encoded)
  const message = Buffer.concat([DEVICE_SIGNATURE_PREFIX, signed.details, identityKey, signed.accountSignatureKey])
  return verifySignature(identityKey, message, deviceSignature ?? Buffer.alloc(0))
}

function deviceOf(world: World, { account, candidate }: LinkRequest, id: number): Device {
  const { noisePublicKey, identityKey, registrationId, signedPreKey, platform } = candidate.registration
  return {
    account,
    id,
    keyIndex: id,
    platform,
    linkedAtMs: world.nowMs(),
    noisePublicKey: noisePublicKey.toString('base64'),
    identityKey: identityKey.toString('base64'),
    registrationId,
    signedPreKey: {
      id: signedPreKey.id,
      publicKey: signedPreKey.publicKey.toString('base64'),
      signature: signedPreKey.signature.toString('base64'),
    },
    greeted: false,
  }
}
