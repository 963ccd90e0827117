// `npm run secrets`: makes the secrets of an environment, and sets those of the edge.
import { parseArgs } from 'node:util'
import { runMain, UserError } from '#local/user-error.ts'
import { environments } from './deploy-service.ts'
import { runTool } from './run-step.ts'
import { checkEdgeSecrets, writeNewSecrets } from './secret-files.ts'

const help = `npm run secrets -- new FOLDER
  makes fresh secrets: FOLDER/edge.json for the edge, FOLDER/vault.yml for the playbooks. Keep the folder out of the checkout.

npm run secrets -- put FOLDER/edge.json --env ${environments.join('|')}
  checks the file as the edge would, and sets what it has in that environment (CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID).`

await runMain(async () => {
  const { values, positionals } = readArguments()
  const [verb, place] = positionals
  if (values.help === true) return console.log(help)
  if (positionals.length !== 2 || place === undefined) throw new UserError(help)
  if (verb === 'new') return console.log(`Made ${(await writeNewSecrets(place)).join(' and ')}.`)
  if (verb !== 'put') throw new UserError(help)

  const environment = environments.find((one) => one === values.env)
  if (environment === undefined) throw new UserError(`Say where to: --env ${environments.join(' or --env ')}.`)
  await checkEdgeSecrets(place)
  const { code } = await runTool('wrangler/bin/wrangler.js', ['secret', 'bulk', place, '--env', environment])
  if (code !== 0) throw new UserError('The secrets were not set, see above.')
})

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { env: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
}
