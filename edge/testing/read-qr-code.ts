import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

let prepared: Promise<unknown> | undefined

/** The text of the QR code in a picture, read by another library than the one that made it. Undefined when there is none. */
export async function readQrCode(picture: Parameters<typeof readBarcodes>[0]): Promise<string | undefined> {
  await (prepared ??= prepare())
  const [code] = await readBarcodes(picture, { formats: ['QRCode'] })
  return code?.text
}

/** It would fetch its WebAssembly from elsewhere. */
async function prepare(): Promise<void> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
  await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true })
}
