import { UserError } from '#local/user-error.ts'

/** A port from the command line; none is 0, which takes a free one. Throws UserError. */
export function parsePort(text: string | undefined): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new UserError(`--port ${text} is not a port number from 0 to 65535.`)
  return port
}
