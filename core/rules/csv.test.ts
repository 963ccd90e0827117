import { expect, it } from 'vitest'
import { csvLine } from './csv.ts'

it('writes cells as RFC 4180 says', () => {
  expect(csvLine(['plain', null, 'a,b', 'say "x"', 'two\r\nlines', ''])).toBe(
    'plain,,"a,b","say ""x""","two\r\nlines",\r\n',
  )
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠A'])(
  'lets no spreadsheet run %j',
  (cell) => {
    const line = csvLine([cell])
    expect(line.replace(/^"/, '')).toBe(`'${cell}${line.startsWith('"') ? '"' : ''}\r\n`)
  },
)

it('makes a formula harmless before it quotes it', () => {
  expect(csvLine(['=HYPERLINK("http://evil.example","x")'])).toBe(`"'=HYPERLINK(""http://evil.example"",""x"")"\r\n`)
})

it('leaves signs inside of a cell alone', () => {
  expect(csvLine(['a=b', '1-2', 'ana@example.com'])).toBe('a=b,1-2,ana@example.com\r\n')
})
