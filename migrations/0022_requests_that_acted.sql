-- Up Migration

-- What a request with an Idempotency-Key did, written in the transaction that did it: when its answer is lost, a repetition
-- finds out here. Whoever would act a second time is refused by the CHECK, and with it its whole transaction.
ALTER TABLE idempotent_requests
  ADD COLUMN times_acted smallint NOT NULL DEFAULT 0,
  ADD COLUMN effect jsonb,
  ADD CONSTRAINT idempotent_requests_act_once CHECK (times_acted <= 1);

-- Down Migration

ALTER TABLE idempotent_requests DROP COLUMN times_acted, DROP COLUMN effect;
