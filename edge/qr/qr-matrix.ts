import { encode } from 'uqr'

/** Light modules around the code that ISO/IEC 18004 asks for. */
const quietZone = 4

/** Rows of a QR code with its quiet zone; true is dark. Readable with 15 % of it damaged. */
export function qrMatrix(text: string): boolean[][] {
  return encode(text, { ecc: 'M', border: quietZone }).data
}
