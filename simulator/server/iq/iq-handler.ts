import type { Device } from '#simulator/accounts/account.ts'
import type { Connection } from '#simulator/server/connection.ts'
import type { World } from '#simulator/server/world.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'

/** Who asks: a logged-in device and its connection. */
export interface IqContext {
  world: World
  connection: Connection
  device: Device
}

/** What an iq is answered with: the content of its result, or an error. */
export type IqAnswer = BinaryNode[] | { code: number; text: string }

/**
 * Answers the iqs of one `xmlns`. The table of them in `./iq-handlers.ts` is where groups (`w:g2`) and media (`w:m`) will
 * come in.
 */
export type IqHandler = (context: IqContext, iq: BinaryNode) => IqAnswer

export const badRequest: IqAnswer = { code: 400, text: 'bad-request' }
export const notImplemented: IqAnswer = { code: 501, text: 'feature-not-implemented' }
