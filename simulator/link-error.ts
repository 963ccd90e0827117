import type { LinkErrorCode } from './api.ts'

/** A phone could not link a companion: what the person with the phone would read, and a code for programs. */
export class LinkError extends Error {
  override name = 'LinkError'
  readonly code: LinkErrorCode

  constructor(code: LinkErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
