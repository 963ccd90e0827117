import type { AuthenticationCreds, SignalRepositoryWithLIDStore, SocketConfig } from '@whiskeysockets/baileys'
import { LIDMappingStore } from '@whiskeysockets/baileys/lib/Signal/lid-mapping.js'
import type { InstanceId } from '#contracts/ids.ts'
import { createAddressLocks } from './address-locks.ts'
import { createGroupCiphers } from './group-ciphers.ts'
import { createPeerCiphers } from './peer-ciphers.ts'
import { createPeerSessions } from './peer-sessions.ts'
import type { RepositoryContext } from './repository-context.ts'
import type { SessionStore } from './session-store.ts'
import { isPhoneNumberJid, signalAddressOf } from './signal-address.ts'
import { createSignalKeyStore } from './signal-key-store.ts'
import type { Stanzas } from './stanzas.ts'

type LookUpLids = Parameters<SocketConfig['makeSignalRepository']>[2]

/**
 * Stands in for Baileys' Signal repository. Baileys' own commits a received ratchet step apart from the message, sends a
 * frame before the ratchet that made it is durable, and mixes up transactions of one contact; here every operation holds
 * its address, collects its writes and commits them in one transaction before it answers.
 */
export function createSignalRepository(
  session: { instanceId: InstanceId; store: SessionStore; credentials: AuthenticationCreds; stanzas: Stanzas },
  logger: SocketConfig['logger'],
  lookUpLids: LookUpLids,
): SignalRepositoryWithLIDStore {
  const lidMapping = new LIDMappingStore(createSignalKeyStore(session.store), logger, lookUpLids)
  const context: RepositoryContext = {
    ...session,
    locks: createAddressLocks(),
    async addressOf(jid) {
      const lid = isPhoneNumberJid(jid) ? await lidMapping.getLIDForPN(jid) : null
      return signalAddressOf(lid ?? jid)
    },
    phoneNumberJidOf: (lid) => lidMapping.getPNForLID(lid),
  }
  return {
    ...createPeerCiphers(context),
    ...createPeerSessions(context),
    ...createGroupCiphers(context),
    lidMapping,
    jidToSignalProtocolAddress: signalAddressOf,
    close: () => lidMapping.close(),
  }
}
