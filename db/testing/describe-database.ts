import type pg from 'pg'

/** What a table is made of, in words that a database and drizzle's schema share. Every list is sorted. */
export interface TableDescription {
  /** `name type`, then `not null`, `default` or `identity` where it applies. */
  columns: string[]
  /** Columns in their order, such as `instance_id, type, id`. */
  primaryKey: string
  uniques: string[]
  /** `columns > table (columns)`. */
  foreignKeys: string[]
  checks: string[]
  /** `name (columns)`, expressions as `?`, then `unique` or `partial` where it applies. Those behind keys and uniques are left out. */
  indexes: string[]
}

/** The tables of schema `public`, by name. */
export async function describeDatabase(client: pg.Client): Promise<Record<string, TableDescription>> {
  const { rows } = await client.query<TableDescription & { name: string }>(`
    WITH tables AS (
      SELECT oid, relname::text AS name FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ), cons AS (
      SELECT c.conrelid, c.contype, c.conname::text AS name, c.confrelid::regclass::text AS target,
        (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns,
        (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) AS targets
      FROM pg_constraint c
    )
    SELECT t.name,
      ARRAY(SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attnotnull THEN 'not null' END, CASE WHEN a.atthasdef THEN 'default' END,
          CASE WHEN a.attidentity <> '' THEN 'identity' END) COLLATE "C"
        FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1) AS columns,
      coalesce((SELECT columns FROM cons WHERE conrelid = t.oid AND contype = 'p'), '') AS "primaryKey",
      ARRAY(SELECT columns COLLATE "C" FROM cons WHERE conrelid = t.oid AND contype = 'u' ORDER BY 1) AS uniques,
      ARRAY(SELECT format('%s > %s (%s)', columns, target, targets) COLLATE "C"
        FROM cons WHERE conrelid = t.oid AND contype = 'f' ORDER BY 1) AS "foreignKeys",
      ARRAY(SELECT name COLLATE "C" FROM cons WHERE conrelid = t.oid AND contype = 'c' ORDER BY 1) AS checks,
      ARRAY(SELECT concat_ws(' ', i.indexrelid::regclass::text,
          format('(%s)', (SELECT string_agg(CASE WHEN i.indkey[a.attnum - 1] = 0 THEN '?' ELSE a.attname END, ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = i.indexrelid)),
          CASE WHEN i.indisunique THEN 'unique' END, CASE WHEN i.indpred IS NOT NULL THEN 'partial' END) COLLATE "C"
        FROM pg_index i WHERE i.indrelid = t.oid
          AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
        ORDER BY 1) AS indexes
    FROM tables t ORDER BY t.name`)
  return Object.fromEntries(rows.map(({ name, ...table }) => [name, table]))
}

/** Everything in schema `public` that is not a table: types, functions, sequences, views; names only. */
export async function otherObjects(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT relkind::text || ' ' || relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'type ' || typname FROM pg_type
      WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
    ORDER BY 1`)
  return rows.map(({ name }) => name)
}
