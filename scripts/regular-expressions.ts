import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface WrittenExpression {
  /** `file:line` */
  place: string
  expression: RegExp
}

/** A literal behind what an expression can stand behind, without slashes in the middle that are a division. */
const literal =
  /(?<=(?:^|[(,=:[!&|?;{}]|=>|return)\s*)\/((?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g

/** Regular expressions that are written in the sources of a room; tests and what only they use are left out. */
export function expressionsOf(root: string, room: string): WrittenExpression[] {
  const files = readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|(^|[\\/])testing[\\/]/.test(file))
    .flatMap((file) => {
      const lines = readFileSync(path.join(root, room, file), 'utf8').split('\n')
      return lines.flatMap((line, index) =>
        Array.from(line.matchAll(literal), ([, source = '', flags]) => ({
          place: `${room}/${file}:${index + 1}`,
          expression: new RegExp(source, flags),
        })),
      )
    })
}

/** What expressions are led astray with: pieces that are repeated, of everyday characters and of the expression's own. */
export function pumpsOf({ source }: RegExp): string[] {
  const own = Array.from(new Set(source.replace(/\\[a-zA-Z]/g, '')))
  const everyday = [
    'a',
    'A',
    '0',
    ' ',
    '\t',
    '\n',
    '.',
    '-',
    '_',
    ',',
    ';',
    ':',
    '/',
    '=',
    '@',
    '"',
    '\\',
    '%',
    'é',
    '🙂',
  ]
  const pairs = ['a.', 'a-', '0.', '0:', 'a,', ' ,', ' =', 'a=', '/a', 'a@', '%2', '\\"', 'a b', '::']
  return [...new Set([...everyday, ...own, ...pairs])]
}
