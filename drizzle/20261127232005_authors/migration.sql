ALTER TABLE "revision" ADD COLUMN "identity" text;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "imported_by" text;--> statement-breakpoint
-- Keys went by names, which authors chose; none of those may stand for an identity.
DELETE FROM "idempotent_request";--> statement-breakpoint
-- History is written over only where a name is out of the bounds that there are from now on.
ALTER TABLE "revision" DISABLE TRIGGER revision_append_only;--> statement-breakpoint
UPDATE "revision" r SET "actor" = fit.actor
FROM (SELECT id, CASE WHEN length(name) > 200 THEN left(name, 199) || '…' WHEN name = '' THEN 'unknown' ELSE name END AS actor
  FROM (SELECT id, regexp_replace("actor", '[\u0001-\u001f\u007f-\u009f]', U&'\FFFD', 'g') AS name FROM "revision"
    WHERE "actor" = '' OR length("actor") > 200 OR "actor" ~ '[\u0001-\u001f\u007f-\u009f]') unfit) fit
WHERE fit.id = r.id;--> statement-breakpoint
ALTER TABLE "revision" ENABLE TRIGGER revision_append_only;--> statement-breakpoint
ALTER TABLE "idempotent_request" ADD CONSTRAINT "idempotent_request_actor_check" CHECK (actor <> '' and length(actor) <= 1000);--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_actor_check" CHECK (actor <> '' and length(actor) <= 200 and actor !~ '[\u0001-\u001f\u007f-\u009f]');--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_identity_check" CHECK (identity <> '' and length(identity) <= 1000);