import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { administer, databaseUrl, type TestPostgres } from '#local/testing/start-test-postgres.ts'

/** A real PostgreSQL database for one run, and the rig's own way to it, past every proxy. */
export interface RunDatabase {
  url: string
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>
  /**
   * Every connection ends, and what was not committed is gone. The server itself crashes and recovers where it is this run's
   * own; where it belongs to others too, its clients are only told so. Resolves when it answers again.
   */
  restart(): Promise<void>
  drop(): Promise<void>
}

/** When an instance got which epoch, kept by the database itself (in its owner's name), in the transaction that changes it. */
const ownersLog = `
  CREATE TABLE fault_rig_epochs (
    instance_id text NOT NULL, epoch bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE FUNCTION fault_rig_note_epoch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO fault_rig_epochs (instance_id, epoch) VALUES (NEW.instance_id, NEW.epoch);
      RETURN NULL;
    END $$;
  CREATE TRIGGER fault_rig_epochs AFTER UPDATE OF epoch ON instance_leases
    FOR EACH ROW WHEN (OLD.epoch <> NEW.epoch) EXECUTE FUNCTION fault_rig_note_epoch();`

export async function createRunDatabase(postgres: TestPostgres): Promise<RunDatabase> {
  const { adminUrl, template, prefix } = postgres
  const name = prefix + randomBytes(6).toString('hex')
  await administer(adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  const url = databaseUrl(adminUrl, name)
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'wharf-fault-rig' })
  pool.on('error', () => {})
  await pool.query(ownersLog)
  return {
    url,
    query: async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
      (await pool.query<Row>(sql, values)).rows,
    restart: () =>
      postgres.restart?.() ??
      administer(adminUrl, (client) =>
        client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name <> $2`,
          [name, 'wharf-fault-rig'],
        ),
      ),
    async drop() {
      await pool.end()
      await administer(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
}
