import { proto, type SignalDataTypeMap } from '@whiskeysockets/baileys'
import { fromBytes, toBytes } from './bytes-json.ts'

export type KeyType = keyof SignalDataTypeMap

/** The bytes under which a Signal key is stored. */
export function encodeKey<T extends KeyType>(type: T, value: SignalDataTypeMap[T]): Uint8Array {
  // A protobuf object: its own toJSON would turn bytes into text.
  if (type === 'app-state-sync-key') return proto.Message.AppStateSyncKeyData.encode(value as object).finish()
  return toBytes(value)
}

/** Throws when the bytes are not what `encodeKey` made. */
export function decodeKey<T extends KeyType>(type: T, bytes: Uint8Array): SignalDataTypeMap[T] {
  const value = type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.decode(bytes) : fromBytes(bytes)
  return value as SignalDataTypeMap[T]
}
