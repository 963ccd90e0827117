import { deflateSync } from 'node:zlib'
import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import type { Account } from '#simulator/accounts/account.ts'
import { accountJid } from '#simulator/accounts/account.ts'
import { hkdf } from '#simulator/crypto/symmetric.ts'

const Type = proto.Message.ProtocolMessage.Type

/**
 * What a phone tells a new linked device, in this order: the key for shared settings, then the history (empty here, with
 * the account's own name). A client that hears neither waits 20 s for them before it calls itself ready.
 */
export function greetingMessages(account: Account, identitySeed: Buffer, nowMs: number): Uint8Array[] {
  return [keyShare(account, identitySeed, nowMs), history(account)].map((protocolMessage) =>
    proto.Message.encode({ protocolMessage }).finish(),
  )
}

function keyShare(account: Account, identitySeed: Buffer, nowMs: number): proto.Message.IProtocolMessage {
  const keyData = {
    keyData: hkdf(identitySeed, 32, Buffer.alloc(32), 'app state key'),
    fingerprint: { rawId: account.rawId, currentIndex: 0, deviceIndexes: [0] },
    timestamp: nowMs,
  }
  const keyId = hkdf(identitySeed, 6, Buffer.alloc(32), 'app state key id')
  return { type: Type.APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys: [{ keyId: { keyId }, keyData }] } }
}

function history(account: Account): proto.Message.IProtocolMessage {
  const syncType = proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP
  const content = proto.HistorySync.encode({
    syncType,
    progress: 100,
    conversations: [],
    pushnames: [{ id: accountJid(account, 'pn'), pushname: account.name }],
    phoneNumberToLidMappings: [{ pnJid: accountJid(account, 'pn'), lidJid: accountJid(account, 'lid') }],
  }).finish()
  return {
    type: Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: {
      syncType: proto.Message.HistorySyncType.INITIAL_BOOTSTRAP,
      chunkOrder: 1,
      progress: 100,
      initialHistBootstrapInlinePayload: deflateSync(content),
    },
  }
}
