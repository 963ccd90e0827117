import type { JsonSchema } from '#edge/openapi/open-api.ts'
import { drawValue, resolveSchema, type ValueSource } from './draw-value.ts'

/** Texts that have broken programs: for databases, for parsers, for those who show or log them. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\r\nSet-Cookie: a=b',
  '\u202Eevil',
  '\u200B\u200D\uFEFF',
  '👨‍👩‍👧‍👦🏳️‍🌈',
  'e\u0301'.repeat(50),
  "' OR 1=1--",
  "'; DROP TABLE customers; --",
  '%_\\',
  '$1 ${x} {{x}} %s %n',
  '=cmd|calc!A1',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e400',
  '0x10',
  '١٢٣',
  '🙂'.repeat(5_000),
  'a'.repeat(20_000),
]

const hostileNumbers = [-1, 0, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, -(2 ** 63), 1e21, Number.MAX_VALUE, 5e-324, 0.1]

/** The value made wrong in one place, or in a way that the schema does not speak of. */
export function spoilValue(source: ValueSource, value: unknown, given: JsonSchema | undefined): unknown {
  const { random } = source
  const schema = given === undefined ? {} : resolveSchema(source.api, given)
  if (isObject(value) && random.chance(0.85)) return spoilObject(source, value, schema)
  if (Array.isArray(value) && random.chance(0.5)) return spoilArray(source, value, schema)
  const past = beyondLimits(schema)
  if (past.length > 0 && random.chance(0.4)) return random.pick(past)
  if (typeof value === 'string' && random.chance(0.5))
    return random.pick([...hostileTexts, `${value} `, value.toUpperCase()])
  return random.pick([
    null,
    true,
    false,
    random.pick(hostileNumbers),
    random.pick(hostileTexts),
    [],
    {},
    [value],
    { value },
    [[[[[null]]]]],
    { length: 1, toString: 'x', __proto__: null },
    nested(random.whole(2, 40)),
  ])
}

function spoilObject(source: ValueSource, value: Record<string, unknown>, schema: JsonSchema): unknown {
  const { random } = source
  const names = Object.keys(value)
  const way = random.next()
  if (names.length === 0 || way < 0.2) {
    const name = random.pick([
      'surprise',
      '__proto__',
      'constructor',
      '',
      'id',
      'customer_id',
      'role',
      'a.b',
      '0',
      '\u0000',
      'é',
    ])
    // A computed name defines a field; `__proto__: x` would set the prototype.
    return { ...value, [name]: random.pick([1, null, 'x', {}, 'super_admin']) }
  }
  const name = random.pick(names)
  if (way < 0.4) return Object.fromEntries(Object.entries(value).filter(([field]) => field !== name))
  if (way < 0.5) return { ...value, [name]: null }
  return { ...value, [name]: spoilValue(source, value[name], propertyOf(source, schema, name)) }
}

function propertyOf(source: ValueSource, schema: JsonSchema, name: string): JsonSchema | undefined {
  const parts = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  return parts.map((part) => resolveSchema(source.api, part).properties?.[name]).find((found) => found !== undefined)
}

function spoilArray(source: ValueSource, value: unknown[], schema: JsonSchema): unknown[] {
  const { random } = source
  const another = schema.items === undefined ? null : drawValue(source, schema.items)
  const [first, ...others] = value
  return random.pick([
    [...value, ...value],
    [...value, null],
    [spoilValue(source, first, schema.items), ...others],
    Array.from({ length: 300 }, () => another),
    [],
  ])
}

/** One step past each limit that the schema names. */
function beyondLimits(schema: JsonSchema): unknown[] {
  const { minLength, maxLength, minimum, maximum } = schema as Record<string, number | undefined>
  return [
    ...(minLength === undefined || minLength === 0 ? [] : ['a'.repeat(minLength - 1)]),
    ...(maxLength === undefined ? [] : ['a'.repeat(maxLength + 1), '🙂'.repeat(Math.ceil((maxLength + 1) / 2))]),
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1, maximum + 0.5]),
  ]
}

function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value }
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
