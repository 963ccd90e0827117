import { connect, MigrationRefused } from './connect.ts'

/**
 * Signal keys that move on with every message. After a restore they are behind those of the other side: what they would
 * encrypt, phones refuse. `sender-key-memory` and `device-list` say who has them.
 */
const ratchets = ['session', 'sender-key', 'sender-key-memory', 'device-list']

export interface AfterRestore {
  keys: number
  instances: number
}

/**
 * Makes a database that was restored from a backup fit to be served again: ratchets are deleted, so that each is made anew
 * with the next message. Credentials, and so the linked devices, stay. Throws MigrationRefused while a worker runs: it
 * holds such keys in memory.
 */
export async function forgetRatchets(databaseUrl: string): Promise<AfterRestore> {
  const client = await connect(databaseUrl)
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM servers WHERE incarnation IS NOT NULL AND lease_expires_at > now() ORDER BY name',
    )
    if (rows.length > 0)
      throw new MigrationRefused(
        `Workers still run (${rows.map(({ name }) => name).join(', ')}): stop every worker first; a lease ends within 12 s after it.`,
      )
    const { rows: counted } = await client.query<AfterRestore>(
      `WITH forgotten AS (DELETE FROM session_keys WHERE type = ANY ($1) RETURNING instance_id)
       SELECT count(*)::int AS keys, count(DISTINCT instance_id)::int AS instances FROM forgotten`,
      [ratchets],
    )
    await client.query('COMMIT')
    return counted[0] ?? { keys: 0, instances: 0 }
  } finally {
    // An open transaction ends with its connection.
    await client.end()
  }
}
