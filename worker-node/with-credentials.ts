import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ConfigError } from '#db/config/variables.ts'

type Variables = Record<string, string | undefined>

/** The environment, with the credentials of the service manager in it. Throws ConfigError. */
export function withCredentials(env: Variables): Variables {
  return { ...env, ...readCredentials(env['CREDENTIALS_DIRECTORY']) }
}

/**
 * Variables that systemd keeps out of the environment, where every child process and crash report would have them: the
 * files of $CREDENTIALS_DIRECTORY (systemd.exec(5), LoadCredential=), named as the variables are. A line's end at the end
 * of a file is not part of the value. Nothing without that folder.
 */
function readCredentials(folder: string | undefined): Record<string, string> {
  if (folder === undefined) return {}
  try {
    return Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8').replace(/\r?\n$/, '')]),
    )
  } catch (error) {
    throw new ConfigError(`CREDENTIALS_DIRECTORY ${folder} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
