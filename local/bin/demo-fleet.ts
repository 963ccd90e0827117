// `npm run demo:fleet`: what an operator does first, without a hand, on a fresh stack; exits 0 only if every step held.
import { runFleetDemo } from '#local/demo/run-fleet-demo.ts'
import { runOnFreshStack } from '#local/demo/run-on-fresh-stack.ts'
import { runMain, UserError } from '#local/user-error.ts'

const help = `npm run demo:fleet: an admin, a server with a worker that enrolls, a customer, and a drain while messages flow`

await runMain(async () => {
  const [first] = process.argv.slice(2)
  if (first === '--help') return console.log(help)
  if (first !== undefined) throw new UserError(`${first} is not known here.\n\n${help}`)
  await runOnFreshStack('An operator’s first steps', runFleetDemo)
})
