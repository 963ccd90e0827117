import type { Contract } from '#contracts/http/contract.ts'
import { CallFailed } from './call-failed.ts'
import { withAccess } from './call.ts'
import { noConnection, openRequest, type CallInput } from './send-request.ts'

/** Without a piece for so long, the transfer counts as broken off. */
const silenceMs = 20_000

/**
 * What a route sends as a file, piece by piece as it comes in. Throws CallFailed, also when the transfer breaks off: then
 * nobody may take the part for the whole. Throws AbortError when `signal` says so.
 */
export async function download<C extends Contract>(
  contract: C,
  { signal, ...input }: CallInput<C>,
  onPiece: (piece: Uint8Array<ArrayBuffer>) => void,
): Promise<{ name: string; file: Blob }> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), silenceMs)
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(() => silence.abort(), silenceMs)
  }
  const until = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal])
  try {
    const response = await withAccess((token) => openRequest(contract, { ...input, signal: until }, token))
    const pieces: Uint8Array<ArrayBuffer>[] = []
    const reader = response.body?.getReader()
    for (;;) {
      heard()
      const next = await reader?.read()
      if (next === undefined || next.done) break
      pieces.push(next.value)
      onPiece(next.value)
    }
    const name = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'export'
    return { name, file: new Blob(pieces, { type: response.headers.get('content-type') ?? '' }) }
  } catch (error) {
    if (signal?.aborted === true || error instanceof CallFailed) throw error
    throw noConnection(silence.signal.aborted, error)
  } finally {
    clearTimeout(timer)
  }
}

/** Hands a file to the browser, which keeps it where downloads go. */
export function saveFile(name: string, file: Blob): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
