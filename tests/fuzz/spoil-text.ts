import type { Random } from '#tests/simulation/random.ts'

const maxBodyBytes = 256 * 1024

/** JSON that is none any more, or that says something that JSON.stringify never writes. */
export function spoilText(random: Random, json: string): string | Uint8Array<ArrayBuffer> {
  const within = random.whole(0, json.length)
  return random.pick<() => string | Uint8Array<ArrayBuffer>>([
    () => '',
    () => ' ',
    () => 'null',
    () => '[]',
    () => '0',
    () => '"text"',
    () => json.slice(0, within),
    () => `${json}${json}`,
    () => `\uFEFF${json}`,
    () => `${json}\u0000`,
    () => json.replace('{', '{"__proto__":{"role":"super_admin"},'),
    () => json.replace('{', `{${json.slice(1, -1)}${json.length > 2 ? ',' : ''}`),
    () => json.replace(/:("[^"]*"|\d+)/, ':1e999'),
    () => json.replace(/:("[^"]*"|\d+)/, `:${'9'.repeat(5_000)}`),
    () => json.replace(/:"[^"]*"/, String.raw`:"\ud83d"`),
    () => json.replace(/:"[^"]*"/, String.raw`:"a\u0000b"`),
    () => `${'['.repeat(random.pick([31, 32, 33, 5_000]))}`,
    () => `{"a":${'['.repeat(31)}${']'.repeat(31)}}`,
    () => `{"x":"${'a'.repeat(maxBodyBytes - 8)}"}`,
    () => `{"x":"${'a'.repeat(maxBodyBytes - 7)}"}`,
    () => `{${Array.from({ length: 20_000 }, (_each, n) => `"f${n}":0`).join(',')}}`,
    () => new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
    () => new Uint8Array([0x7b, 0xc0, 0xaf, 0x7d]),
  ])()
}
