import { randomBytes } from 'node:crypto'
import type { Account, Device } from '#simulator/accounts/account.ts'
import { agree, generateKeyPair } from '#simulator/crypto/key-pair.ts'
import type { SigningKey } from '#simulator/crypto/signing-key.ts'
import { applyCtr, decryptGcm, hkdf, keyOfPairingCode } from '#simulator/crypto/symmetric.ts'
import { LinkError } from '#simulator/link-error.ts'
import { newStanzaId } from '#simulator/server/pairing-desk.ts'
import type { Candidate, CodeRequest } from '#simulator/server/pairing-desk.ts'
import type { World } from '#simulator/server/world.ts'
import { SERVER_JID, bytesOf, childOf, makeNode, unixSeconds } from '#simulator/wire/node.ts'
import { linkCompanion } from './link-companion.ts'

const REQUEST_TIMEOUT_MS = 5000
const FINISH_TIMEOUT_MS = 15_000
const BUNDLE_INFO = 'link_code_pairing_key_bundle_encryption_key'
const NO_SALT = Buffer.alloc(32)
const EMPTY = Buffer.alloc(0)

/** Links the companion that asked for this account's number and shows this code. @throws LinkError */
export async function enterPairingCode(
  world: World,
  account: Account,
  identity: SigningKey,
  typed: string,
): Promise<Device> {
  const code = typed.replace(/[-\s]/g, '').toUpperCase()
  if (!/^[0-9A-Z]{8}$/.test(code)) throw new LinkError('CODE_INVALID', 'A pairing code has 8 letters and digits.')
  const candidate = await candidateFor(world, account)
  const request = candidate.codeRequest
  if (!request) throw new LinkError('NO_PAIRING_REQUEST', `No companion asks to be linked to +${account.number}.`)
  const companionKey = await unwrapKey(code, request.wrappedEphemeralKey)
  const ephemeral = generateKeyPair()
  candidate.codeFinish = undefined
  candidate.connection.send(primaryHello(world, request, identity.publicKey, await wrapKey(code, ephemeral.publicKey)))
  const finish = await world.pairing.finishOf(candidate, FINISH_TIMEOUT_MS)
  const bundle = bytesOf(childOf(finish, 'link_code_pairing_wrapped_key_bundle'))
  if (!bundle) throw new LinkError('COMPANION_REFUSED', 'The companion did not finish: could not link device.')
  const shared = agree(ephemeral, companionKey)
  const { companionIdentity, random } = openBundle(shared, bundle)
  const advSecret = hkdf(Buffer.concat([shared, agree(identity, companionIdentity), random]), 32, NO_SALT, 'adv_secret')
  return await linkCompanion(world, { account, identity, candidate, advSecret })
}

async function candidateFor(world: World, account: Account): Promise<Candidate> {
  try {
    const find = (): Candidate | undefined => world.pairing.byNumber(account.number)
    return await world.pairing.changed.waitFor(find, REQUEST_TIMEOUT_MS, 'A request to be linked')
  } catch {
    throw new LinkError('NO_PAIRING_REQUEST', `No companion asks to be linked to +${account.number}.`)
  }
}

/** Wrapped keys are salt 32 | iv 16 | ciphertext 32, and wrong codes unwrap to a wrong key without an error. */
async function unwrapKey(code: string, wrapped: Buffer): Promise<Buffer> {
  const key = await keyOfPairingCode(code, wrapped.subarray(0, 32))
  return applyCtr(key, wrapped.subarray(32, 48), wrapped.subarray(48))
}

async function wrapKey(code: string, publicKey: Buffer): Promise<Buffer> {
  const salt = randomBytes(32)
  const iv = randomBytes(16)
  return Buffer.concat([salt, iv, applyCtr(await keyOfPairingCode(code, salt), iv, publicKey)])
}

function primaryHello(world: World, request: CodeRequest, identityKey: Buffer, wrappedKey: Buffer) {
  const attrs = {
    from: SERVER_JID,
    id: newStanzaId(),
    type: 'link_code_companion_reg',
    t: unixSeconds(world.nowMs()),
  }
  return makeNode('notification', attrs, [
    makeNode('link_code_companion_reg', { stage: 'primary_hello' }, [
      makeNode('link_code_pairing_ref', {}, request.ref),
      makeNode('primary_identity_pub', {}, identityKey),
      makeNode('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrappedKey),
    ]),
  ])
}

/** The bundle is salt 32 | iv 12 | AES-GCM of (companion identity 32 | phone identity 32 | random 32). */
function openBundle(shared: Buffer, bundle: Buffer): { companionIdentity: Buffer; random: Buffer } {
  const key = hkdf(shared, 32, bundle.subarray(0, 32), BUNDLE_INFO)
  try {
    const plaintext = decryptGcm(key, bundle.subarray(32, 44), EMPTY, bundle.subarray(44))
    return { companionIdentity: plaintext.subarray(0, 32), random: plaintext.subarray(64, 96) }
  } catch {
    throw new LinkError('CODE_WRONG', 'The code is not the one that the companion shows.')
  }
}
