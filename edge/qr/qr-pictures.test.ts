import { describe, expect, it } from 'vitest'
import { readQrCode } from '#edge/testing/read-qr-code.ts'
import { qrPng } from './qr-png.ts'
import { qrSvg } from './qr-svg.ts'

const part = (length: number) => 'aB3+/'.repeat(length).slice(0, length)
const texts = ['2@a', `2@${part(140)},${part(44)},${part(44)},${part(44)}`, 'https://wa.me/settings?x=ä€😀']

describe.each(texts)('a QR code of %s', (text) => {
  it('is read back from the PNG', async () => {
    expect(await readQrCode(new Blob([await qrPng(text)]))).toBe(text)
  })

  it('is read back from the SVG', async () => {
    expect(await readQrCode(drawn(qrSvg(text)))).toBe(text)
  })
})

it('has a PNG of a few kilobytes', async () => {
  expect((await qrPng(texts[1] ?? '')).length).toBeLessThan(4_000)
})

/** Draws the dark runs of our SVG, eight pixels a module. */
function drawn(svg: string) {
  const scale = 8
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]) * scale
  const data = new Uint8ClampedArray(size * size * 4).fill(255)
  const [, dark = ''] = /fill="#000" d="([^"]*)"/.exec(svg) ?? []
  for (const [, x, y, length] of dark.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = 0; row < scale; row++) {
      const start = ((Number(y) * scale + row) * size + Number(x) * scale) * 4
      for (let pixel = 0; pixel < Number(length) * scale; pixel++)
        data.fill(0, start + pixel * 4, start + pixel * 4 + 3)
    }
  }
  return { data, width: size, height: size, colorSpace: 'srgb' } as const
}
