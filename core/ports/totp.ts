/** Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, 30 seconds, as authenticator apps expect. */
export interface Totp {
  /** 160 random bits in base32. */
  newSecret(): string
  /** `otpauth://` address for authenticator apps. */
  uri(secret: string, email: string): string
  /** The time step that the code belongs to: the present one, or one beside it. Undefined when it fits none. */
  stepOf(secret: string, code: string, now: Date): number | undefined
}
