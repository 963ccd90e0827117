import { timingSafeEqual } from 'node:crypto'
import { agree, generateKeyPair } from '#simulator/crypto/key-pair.ts'
import { decryptCbc, encryptCbc, hkdf, hmacSha256 } from '#simulator/crypto/symmetric.ts'
import { decodeKeyPair, encodeKeyPair, stepRootKey } from './session.ts'
import type { ReceivingChain, SessionState } from './session.ts'
import { decodeWhisperMessage, encodeWhisperMessage, prefixed } from './whisper-message.ts'

const MAC_LENGTH = 8
const NO_SALT = Buffer.alloc(32)
/** A message may overtake this many others; more is taken for an attack, as in Signal's own libraries. */
const MAX_SKIPPED = 2000
/** Chains of the other side that stay readable for stragglers. */
const MAX_RECEIVING_CHAINS = 5

/** The ciphertext was read before: a redelivery, nothing to worry about. */
export class DuplicateCiphertextError extends Error {
  override name = 'DuplicateCiphertextError'
}

/** Encrypts the next message of the session, advancing `state`. @returns the encoded WhisperMessage with its MAC */
export function ratchetEncrypt(state: SessionState, ourIdentity: Buffer, plaintext: Uint8Array): Buffer {
  const chain = state.sendingChain
  if (!chain) throw new Error('This session has received nothing yet, so it cannot send.')
  const step = stepChain(chain.key)
  const keys = messageKeys(step.messageKey)
  const covered = encodeWhisperMessage({
    ratchetKey: Buffer.from(state.ratchet.publicKey, 'base64'),
    counter: chain.next,
    previousCounter: state.previousCounter,
    ciphertext: encryptCbc(keys.cipherKey, keys.iv, plaintext),
  })
  chain.key = step.nextKey
  chain.next += 1
  const mac = macOf(keys.macKey, ourIdentity, Buffer.from(state.remoteIdentity, 'base64'), covered)
  return Buffer.concat([covered, mac])
}

/**
 * Decrypts a WhisperMessage and returns the plaintext with the advanced state; `state` itself stays untouched, so a
 * forged message leaves no trace.
 *
 * @throws DuplicateCiphertextError when it was read before; Error when it does not belong to the session
 */
export function ratchetDecrypt(
  state: SessionState,
  ourIdentity: Buffer,
  bytes: Buffer,
): { plaintext: Buffer; state: SessionState } {
  const { message, covered, mac } = decodeWhisperMessage(bytes)
  const advanced = structuredClone(state)
  const ratchetKey = message.ratchetKey.toString('base64')
  const chain =
    advanced.receivingChains.find((candidate) => candidate.ratchetKey === ratchetKey) ??
    stepRatchet(advanced, message.ratchetKey, message.previousCounter)
  fillKeys(chain, message.counter)
  const messageKey = chain.skipped[message.counter]
  if (messageKey === undefined) throw new DuplicateCiphertextError(`Message ${message.counter} was read before.`)
  const keys = messageKeys(Buffer.from(messageKey, 'base64'))
  const expectedMac = macOf(keys.macKey, Buffer.from(state.remoteIdentity, 'base64'), ourIdentity, covered)
  if (!timingSafeEqual(mac, expectedMac)) throw new Error('The MAC is wrong.')
  const plaintext = decryptCbc(keys.cipherKey, keys.iv, message.ciphertext)
  delete chain.skipped[message.counter]
  advanced.pending = undefined
  return { plaintext, state: advanced }
}

/** The other side shows a new ratchet key: closes its old chain, opens the new one, and prepares our answer's. */
function stepRatchet(state: SessionState, remoteKey: Buffer, previousCounter: number): ReceivingChain {
  const previous = state.receivingChains.find((chain) => chain.ratchetKey === state.remoteRatchetKey)
  if (previous?.key !== undefined) {
    // Some libraries say "-1" for a chain without messages, which arrives as the largest unsigned number.
    if (previousCounter < 2 ** 31) fillKeys(previous, previousCounter)
    previous.key = undefined
  }
  const receiving = stepRootKey(Buffer.from(state.rootKey, 'base64'), agree(decodeKeyPair(state.ratchet), remoteKey))
  const ratchet = generateKeyPair()
  const sending = stepRootKey(Buffer.from(receiving.rootKey, 'base64'), agree(ratchet, remoteKey))
  const chain = { ratchetKey: remoteKey.toString('base64'), key: receiving.chainKey, next: 0, skipped: {} }
  state.receivingChains = [...state.receivingChains, chain].slice(-MAX_RECEIVING_CHAINS)
  state.previousCounter = Math.max((state.sendingChain?.next ?? 0) - 1, 0)
  state.ratchet = encodeKeyPair(ratchet)
  state.remoteRatchetKey = chain.ratchetKey
  state.rootKey = sending.rootKey
  state.sendingChain = { key: sending.chainKey, next: 0 }
  return chain
}

/** Derives message keys up to and including `counter`. */
function fillKeys(chain: ReceivingChain, counter: number): void {
  if (counter - chain.next > MAX_SKIPPED) throw new Error(`Message ${counter} is too far ahead of ${chain.next}.`)
  while (chain.next <= counter) {
    if (chain.key === undefined) throw new Error('The chain is closed.')
    const step = stepChain(chain.key)
    chain.skipped[chain.next] = step.messageKey.toString('base64')
    chain.key = step.nextKey
    chain.next += 1
  }
}

/** One step of a chain of keys: that of the next message, and what the chain goes on with. */
export function stepChain(chainKey: string): { messageKey: Buffer; nextKey: string } {
  const key = Buffer.from(chainKey, 'base64')
  return {
    messageKey: hmacSha256(key, Buffer.from([1])),
    nextKey: hmacSha256(key, Buffer.from([2])).toString('base64'),
  }
}

function messageKeys(messageKey: Buffer): { cipherKey: Buffer; macKey: Buffer; iv: Buffer } {
  const expanded = hkdf(messageKey, 80, NO_SALT, 'WhisperMessageKeys')
  return { cipherKey: expanded.subarray(0, 32), macKey: expanded.subarray(32, 64), iv: expanded.subarray(64, 80) }
}

function macOf(macKey: Buffer, sender: Buffer, receiver: Buffer, covered: Buffer): Buffer {
  return hmacSha256(macKey, prefixed(sender), prefixed(receiver), covered).subarray(0, MAC_LENGTH)
}
