import type { CustomerId, InstanceId } from '#contracts/ids.ts'

/** What a pairing link lets its bearer do: pair that one instance, until then. */
export interface PairingClaims {
  customerId: CustomerId
  instanceId: InstanceId
  /** Whole seconds. */
  expiresAt: Date
}

/** The tokens of pairing links. Nothing of them is stored: the signature is what makes one good. */
export interface PairingLinks {
  sign(claims: PairingClaims): Promise<string>
  /** Undefined for anything that this service did not sign, that has expired, or that is meant for something else. */
  verify(token: string): Promise<PairingClaims | undefined>
}
