-- Up Migration

-- The only way in which entries of the audit log are ever deleted: it acts as the owner, and how old they must be is not for
-- the caller to say, who could else erase what it did. The tests hold the 90 days against core/rules/retention.ts.
CREATE FUNCTION purge_audit_logs(most integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = ''
AS $$
  WITH purged AS (
    DELETE FROM public.audit_logs WHERE id IN (
      SELECT id FROM public.audit_logs WHERE occurred_at <= clock_timestamp() - interval '90 days'
      ORDER BY occurred_at, id LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING 1)
  SELECT count(*)::integer FROM purged
$$;
REVOKE ALL ON FUNCTION purge_audit_logs(integer) FROM PUBLIC;

-- Down Migration

DROP FUNCTION purge_audit_logs(integer);
