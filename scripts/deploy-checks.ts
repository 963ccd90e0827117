/** What is known before anything is changed. */
export interface BeforeDeploy {
  environment: string
  /** Lines of `git status --porcelain`. */
  uncommitted: readonly string[]
  /** Where the edge and the pages are reached, as wrangler.toml says. */
  hostNames: readonly string[]
  /** Secrets that the edge needs, and those that the environment has. */
  neededSecrets: readonly string[]
  presentSecrets: readonly string[]
  /** Migrations of the database that this checkout does not have. */
  ahead: readonly string[]
}

/** Why this must not be deployed, a sentence each that says what to do; empty when nothing speaks against it. */
export function whyNotDeploy(before: BeforeDeploy): string[] {
  const { environment, uncommitted, hostNames, neededSecrets, presentSecrets, ahead } = before
  const examples = hostNames.filter((name) => /(^|\.)example\.com$/.test(name))
  return [
    ...when(
      uncommitted.length > 0,
      `${changed(uncommitted.length)} from the last commit: commit or stash, so that what runs can be named.`,
    ),
    ...when(
      examples.length > 0,
      `wrangler.toml has the example ${examples.join(' and ')} for ${environment}: write your host names there and commit them.`,
    ),
    ...neededSecrets
      .filter((name) => !presentSecrets.includes(name))
      .map(
        (name) =>
          `${environment} has no secret ${name}: set it with \`npx wrangler secret put ${name} --env ${environment}\`.`,
      ),
    ...when(
      ahead.length > 0,
      `The database is ahead of this checkout (${ahead.join(', ')}): deploy a commit that has these migrations.`,
    ),
  ]
}

function when(holds: boolean, sentence: string): string[] {
  return holds ? [sentence] : []
}

function changed(files: number): string {
  return files === 1 ? '1 file differs' : `${files} files differ`
}
