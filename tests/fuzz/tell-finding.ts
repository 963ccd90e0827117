import type { Finding } from './run-fuzz.ts'

const maxTold = 2_000

/** A finding as lines: what is wrong, and the request to repeat it with. */
export function tellFinding({ number, problem, request, status, answer, logged }: Finding, seed: number): string[] {
  const { method, path, headers, body, caller } = request
  const sent = body instanceof Uint8Array ? `bytes ${Buffer.from(body).toString('hex')}` : body
  return [
    `${method} ${request.route.contract.path}: ${problem}`.slice(0, maxTold),
    `  by ${caller.name}: ${method} ${path}`.slice(0, maxTold),
    `  headers ${JSON.stringify(headers)}`.slice(0, maxTold),
    `  body ${sent === null ? 'none' : JSON.stringify(sent)}`.slice(0, maxTold),
    `  answer ${status ?? 'none'} ${answer}`.slice(0, maxTold),
    `  logged ${logged}`.slice(0, maxTold),
    `  again: npm run test:fuzz -- --seed ${seed} --requests ${number + 1}`,
  ]
}
