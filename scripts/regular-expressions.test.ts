import path from 'node:path'
import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { describeApi } from '#edge/openapi/describe-api.ts'
import { routeTable } from '#edge/routes/route-table.ts'
import { expressionsOf, pumpsOf, type WrittenExpression } from './regular-expressions.ts'

/**
 * Whoever sends requests must not be able to keep an expression busy (ReDoS). Each is run on long texts that lead it
 * astray. One whose steps grow with the length needs about a millisecond, one that grows with its square or worse is still
 * at it when V8 is told to stop: thousands of times the difference, whatever else the machine does.
 */

const root = path.dirname(import.meta.dirname)
/** Longer than any field; the longest of all, the body, is given to no expression. */
const length = 100_000
const hopelessMs = 3_000

const written = ['contracts', 'core', 'edge', 'worker-node'].flatMap((room) => expressionsOf(root, room))
const documented = patternsIn(describeApi(routeTable, 'test')).map((pattern): WrittenExpression => ({
  place: '/openapi.json',
  expression: new RegExp(pattern, 'u'),
}))

function patternsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { pattern } = value as { pattern?: unknown }
  const inside = Object.values(value).flatMap(patternsIn)
  return [...new Set(typeof pattern === 'string' ? [pattern, ...inside] : inside)]
}

/** The text that keeps the expression busy; undefined when none does. */
function ledAstray({ source, flags }: RegExp): string | undefined {
  const context = vm.createContext({ expression: new RegExp(source, flags), text: '' })
  const script = new vm.Script('expression.lastIndex = 0; expression.exec(text)')
  for (const pump of pumpsOf(new RegExp(source, flags))) {
    const repeated = pump.repeat(length / pump.length)
    for (const text of [repeated, `${repeated}\u0001`, `a${repeated}\n`]) {
      context['text'] = text
      try {
        script.runInContext(context, { timeout: hopelessMs })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
        return JSON.stringify(pump)
      }
    }
  }
  return undefined
}

const cases = new Map([...written, ...documented].map((each) => [String(each.expression), each]))

describe('no text keeps busy', () => {
  it.each([...cases.values()].map(({ place, expression }) => [place, expression] as const))(
    '%s %s',
    (_place, expression) => {
      expect(ledAstray(expression)).toBeUndefined()
    },
  )
})

it('finds the expressions, and those that can be led astray', () => {
  expect(written.length).toBeGreaterThan(40)
  expect(documented.length).toBeGreaterThan(10)
  expect(ledAstray(/^(a+)+$/)).toBe('"a"')
  expect(ledAstray(/\S*[@\d]\S*/g)).toBe('"a"')
})
