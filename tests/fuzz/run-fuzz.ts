import { newId, type IdKind } from '#contracts/ids.ts'
import type { Route } from '#edge/routes/define-route.ts'
import { readDocumentedAnswers } from '#edge/testing/documented-answers.ts'
import type { TestDatabase } from '#local/testing/test-databases.ts'
import { createRandom } from '#tests/simulation/random.ts'
import { drawRequest, type FuzzRequest } from './draw-request.ts'
import { judgeAnswer } from './judge-answer.ts'
import { openStage, type Stage } from './open-stage.ts'

export interface FuzzOptions {
  routes: readonly Route[]
  database: TestDatabase
  seed: number
  requests: number
  /** Told now and then how many requests were made, and of how many findings. */
  progress?: (done: number, findings: number) => void
}

export interface Finding {
  /** Which request of the run: with the same seed it is made again. */
  number: number
  problem: string
  request: FuzzRequest
  status: number | undefined
  answer: string
  /** What the edge logged, or the stack of what it threw. */
  logged: string
}

export interface FuzzReport {
  findings: Finding[]
  /** Operation > status > how often. */
  answers: Map<string, Map<number, number>>
}

/** The world is made anew after so many requests. */
const requestsPerWorld = 50
/** Told after so many requests. */
const progressEvery = 1_000

/** Walks over the routes again and again with requests that follow from the seed, and judges each answer. */
export async function runFuzz({ routes, database, seed, requests, progress }: FuzzOptions): Promise<FuzzReport> {
  const stage = await openStage(database)
  const documented = readDocumentedAnswers(stage.api)
  const report: FuzzReport = { findings: [], answers: new Map(routes.map(({ contract }) => [contract.id, new Map()])) }
  try {
    for (let number = 0; number < requests; number += 1) {
      // Each request follows from its own number, so that what one draws changes none of those after it.
      const random = createRandom(Math.imul(seed, 1_000_003) + number)
      if (number % requestsPerWorld === 0) await stage.renew(random)
      const route = routes[(number * strideOf(routes.length)) % routes.length]!
      const { api, callers, memories, world } = stage
      const ids = (name: string) => idsOf(world, name)
      const request = drawRequest({ random, api, callers, known: memories.known, ids }, route)
      const add = (problem: string, told: Partial<Finding> = {}) =>
        report.findings.push({ problem, number, request, status: undefined, answer: '', logged: '', ...told })
      try {
        const { response, text } = await sendRequest(stage, request)
        const counts = report.answers.get(route.contract.id)!
        counts.set(response.status, (counts.get(response.status) ?? 0) + 1)
        const foreign = foreignOf(stage, request)
        for (const problem of judgeAnswer(documented, { request, response, text, logged: stage.logged(), foreign })) {
          add(problem, { status: response.status, answer: text, logged: stage.logged() })
        }
        memories.learn(text)
      } catch (error) {
        add(`threw ${String(error)}`, { logged: String((error as Error).stack) })
      }
      if ((number + 1) % progressEvery === 0) progress?.(number + 1, report.findings.length)
    }
  } finally {
    await stage.close()
  }
  return report
}

/** Steps that meet every route before any comes again, and not always the same one before it. */
function strideOf(length: number): number {
  const isCoprime = (a: number, b: number): boolean => (b === 0 ? a === 1 : isCoprime(b, a % b))
  return [37, 41, 43, 47].find((stride) => isCoprime(length, stride)) ?? 1
}

function sendRequest(stage: Stage, { method, path, headers, body }: FuzzRequest) {
  return stage.send(path, { method, headers, body })
}

/** Of whom nothing may be told: the other customer, for one who has proven to be one of the two. */
function foreignOf({ world: { own, other } }: Stage, { caller, route }: FuzzRequest) {
  if (route.policy.auth === 'none' || route.policy.auth === 'admin') return undefined
  if (caller.tenant === own) return other
  return caller.tenant === other ? own : undefined
}

function idsOf({ own, other }: Stage['world'], name: string) {
  const mine = own.ids as Record<string, string>
  const theirs = other.ids as Record<string, string>
  return { own: mine[name] ?? '', others: [theirs[name] ?? '', newId(kindOf(name)), newId('message')] }
}

function kindOf(parameter: string): IdKind {
  if (parameter === 'session_id') return 'adminSession'
  return parameter === 'api_key_id' ? 'apiKey' : (parameter.replace(/_id$/, '') as IdKind)
}
