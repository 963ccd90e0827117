-- Up Migration

-- What the edge and the workers act as. Nobody logs in as these: the operator makes log-ins that belong to one of them, so
-- that a password can be changed without an outage (docs/security.md). Roles belong to the whole PostgreSQL, so another
-- database of it may have brought them already, in this moment too. What they may do stands in migrations/grants.ts.
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['wharf_edge', 'wharf_worker'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        -- Whoever made them may act as them, as the local stack does with a DATABASE_URL. A superuser may anyway.
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
          EXECUTE format('GRANT %I TO current_user', role);
        END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO wharf_edge, wharf_worker;

-- Down Migration

-- The roles stay: other databases may use them.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM wharf_edge, wharf_worker;
REVOKE USAGE ON SCHEMA public FROM wharf_edge, wharf_worker;
