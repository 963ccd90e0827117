// `npm run admin:create`: an admin with a random password, for the first log-in.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { emailSchema, nameSchema } from '#contracts/fields.ts'
import { adminRoles, type AdminRole } from '#contracts/roles.ts'
import { createAdmin } from '#local/admin/create-admin.ts'
import { readAddresses, type StackAddresses } from '#local/stack/addresses.ts'
import { runMain, UserError } from '#local/user-error.ts'

const help = `npm run admin:create -- --email ADDRESS [options]: an admin with a random password, printed once

  --email ADDRESS
  --name NAME      (the part of the address before @)
  --role ROLE      ${adminRoles.join(', ')} (super_admin)
  --data DIR       folder of the running local stack, used when DATABASE_URL is not set (.wharf/local)
  --help

Environment:
  DATABASE_URL     the database of the service; without it that of the stack that \`npm start\` runs here`

await runMain(async () => {
  const { values } = readArguments()
  if (values.help) return console.log(help)
  const email = emailSchema.safeParse(values.email ?? '')
  if (!email.success) throw new UserError(`--email must be an e-mail address.\n\n${help}`)
  const name = nameSchema().safeParse(values.name ?? email.data.split('@')[0])
  if (!name.success) throw new UserError(`--name ${name.error.issues[0]?.message ?? 'is wrong'}.`)
  const role = adminRoles.find((one) => one === values.role)
  if (role === undefined) throw new UserError(`--role must be one of ${adminRoles.join(', ')}.`)

  const stack = process.env['DATABASE_URL'] ? undefined : await runningStack(path.resolve(values.data))
  const databaseUrl = stack?.databaseUrl ?? process.env['DATABASE_URL'] ?? ''
  const password = await createAdmin(databaseUrl, { email: email.data, name: name.data, role })
  printAdmin({ email: email.data, role, password, api: stack?.api ?? 'https://<the API>' })
})

function readArguments() {
  try {
    return parseArgs({
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        role: { type: 'string', default: 'super_admin' },
        data: { type: 'string', default: path.join('.wharf', 'local') },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
}

async function runningStack(dataDir: string): Promise<StackAddresses> {
  const addresses = await readAddresses(dataDir)
  if (addresses !== undefined) return addresses
  throw new UserError(
    'DATABASE_URL is not set and no local stack runs here; set it, or run `npm start` in another shell first.',
  )
}

function printAdmin(admin: { email: string; role: AdminRole; password: string; api: string }): void {
  console.log(`Made the ${admin.role} ${admin.email}. The password is shown this once:

  ${admin.password}

Log in (the answer's access_token goes into \`Authorization: Bearer ...\`):

curl -sS '${admin.api}/api/admin/auth/login' -H 'Content-Type: application/json' -d '{"email":"${admin.email}","password":"${admin.password}"}'`)
}
