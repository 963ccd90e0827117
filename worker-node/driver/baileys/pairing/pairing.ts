import { randomBytes } from 'node:crypto'
import {
  buildPairingQRData,
  configureSuccessfulPairing,
  S_WHATSAPP_NET,
  type AuthenticationCreds,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys'
import { PairingRefused, type CloseCause } from '#core/ports/driver.ts'
import { jidOfNumber } from '#worker-node/driver/baileys/messages/phone-number.ts'
import { replaceListener, type StanzaHandler } from '#worker-node/driver/baileys/replace-listener.ts'
import { browser } from '#worker-node/driver/baileys/socket.ts'
import { createLinkCodes } from './link-code.ts'
import { childNamed, childrenOf, textOf } from './nodes.ts'
import { startQrRotation, type QrLifetimes, type QrRotation } from './qr-rotation.ts'

export interface PairingOptions {
  socket: WASocket
  credentials: AuthenticationCreds
  lifetimes: QrLifetimes
  now: () => Date
  onQr: (qr: string, expiresAt: Date) => void
  /** Makes the credentials durable. WhatsApp hears of the success after that. */
  persist: () => Promise<void>
  onPaired: () => void
  close: (cause: CloseCause) => void
}

export interface Pairing {
  /** Throws PairingRefused. */
  requestCode(phoneNumber: string): Promise<{ code: string; expiresAt: Date }>
  stop(): void
}

/**
 * Links a new device, by QR or by code. It replaces Baileys' handlers of the same stanzas, which keep an outdated secret in
 * later QR codes, tell the phone of a success before the credentials are stored, and know nothing of what WhatsApp added
 * since. Nothing of a pairing is stored before it succeeded.
 */
export function startPairing(options: PairingOptions): Pairing {
  const { socket, credentials, now, close } = options
  const linkCodes = createLinkCodes(socket, credentials)
  let rotation: QrRotation | undefined

  function qrOf(ref: string): string {
    const keys = [credentials.noiseKey.public, credentials.signedIdentityKey.public].map((key) =>
      Buffer.from(key).toString('base64'),
    )
    return buildPairingQRData(ref, keys[0] ?? '', keys[1] ?? '', credentials.advSecretKey, browser)
  }

  function acknowledge({ attrs: { id = '', from = S_WHATSAPP_NET, type = '' } }: BinaryNode): Promise<void> {
    return socket.sendNode({ tag: 'ack', attrs: { class: 'notification', type, id, to: from } })
  }

  async function pairDevice(stanza: BinaryNode): Promise<void> {
    const offered = childNamed(stanza, 'pair-device')
    const refs = offered === undefined ? [] : childrenOf(offered).filter(({ tag }) => tag === 'ref')
    await socket.sendNode({ tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'result', id: stanza.attrs.id ?? '' } })
    rotation?.stop()
    rotation = startQrRotation(refs.map(textOf), options.lifetimes, now, {
      onRef: (ref, expiresAt) => options.onQr(qrOf(ref), expiresAt),
      onExhausted: () => close({ kind: 'qr-expired', code: 408, detail: 'all QR codes of this connection expired' }),
    })
  }

  async function pairSuccess(stanza: BinaryNode): Promise<void> {
    rotation?.stop()
    let reply: BinaryNode
    try {
      const configured = configureSuccessfulPairing(stanza, credentials)
      reply = configured.reply
      socket.ev.emit('creds.update', configured.creds)
    } catch (error) {
      return close({ kind: 'pairing-failed', code: null, detail: String(error) })
    }
    await options.persist()
    options.onPaired()
    await socket.sendNode(reply)
  }

  const notifications: Record<string, StanzaHandler> = {
    // WhatsApp retires the secret that the QR code shows. The phone would refuse the code with the old one.
    async companion_reg_refresh(stanza) {
      if (!linkCodes.answered) credentials.advSecretKey = randomBytes(32).toString('base64')
      await acknowledge(stanza)
      rotation?.showAgain()
    },
    async link_code_companion_reg(stanza) {
      await acknowledge(stanza)
      await linkCodes.finish(stanza)
    },
    passkey_prologue_request: askedForPasskey,
    crsc_continuation: askedForPasskey,
  }

  /** The account demands a passkey on the linking device: nothing that this program could show or sign. */
  async function askedForPasskey(stanza: BinaryNode): Promise<void> {
    await acknowledge(stanza)
    close({ kind: 'passkey-required', code: null, detail: `WhatsApp sent ${stanza.attrs.type}` })
  }

  replaceListener(socket, 'CB:iq,type:set,pair-device', () => pairDevice)
  replaceListener(socket, 'CB:iq,,pair-success', () => pairSuccess)
  replaceListener(socket, 'CB:notification', (baileys) => (stanza) => {
    const handle = credentials.account === undefined ? notifications[stanza.attrs.type ?? ''] : undefined
    return (handle ?? baileys)(stanza)
  })

  return {
    async requestCode(phoneNumber) {
      if (rotation === undefined || credentials.account !== undefined) {
        throw new PairingRefused('not-pairing', 'This connection is not waiting for a phone.')
      }
      const code = await linkCodes.request(jidOfNumber(phoneNumber))
      return { code, expiresAt: rotation.endsAt }
    },
    stop: () => rotation?.stop(),
  }
}
