CREATE TYPE "role" AS ENUM('READER', 'EDITOR', 'ADMIN');--> statement-breakpoint
ALTER TYPE "revision_action" ADD VALUE 'REVERT';--> statement-breakpoint
CREATE TABLE "api_key" (
	"id" uuid PRIMARY KEY,
	"name" text NOT NULL,
	"role" "role" NOT NULL,
	"hash" text NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "api_key_name_check" CHECK (name <> '' and length(name) <= 200)
);
--> statement-breakpoint
CREATE TABLE "idempotent_request" (
	"actor" text,
	"key" text,
	"fingerprint" text NOT NULL,
	"outcome" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotent_request_pkey" PRIMARY KEY("actor","key"),
	CONSTRAINT "idempotent_request_key_check" CHECK (key <> '' and length(key) <= 200)
);
--> statement-breakpoint
DROP INDEX "revision_record_index";--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "number" integer;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "change_id" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "xid" xid8 DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
-- The one time that history is written over: to number what is there.
ALTER TABLE "revision" DISABLE TRIGGER revision_append_only;--> statement-breakpoint
UPDATE "revision" r SET "number" = counted.n
FROM (SELECT id, row_number() OVER (
  PARTITION BY coalesce(entity_id, article_id, event_id, position_id, membership_id, statement_id)
  ORDER BY id) AS n FROM "revision") counted
WHERE counted.id = r.id;--> statement-breakpoint
ALTER TABLE "revision" ENABLE TRIGGER revision_append_only;--> statement-breakpoint
ALTER TABLE "revision" ALTER COLUMN "number" SET NOT NULL;--> statement-breakpoint
CREATE INDEX "idempotent_request_at_index" ON "idempotent_request" ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "revision_number_key" ON "revision" (coalesce(entity_id, article_id, event_id, position_id, membership_id, statement_id),"number");--> statement-breakpoint
CREATE INDEX "revision_change_index" ON "revision" ("change_id");--> statement-breakpoint
CREATE INDEX "revision_xid_index" ON "revision" ("xid","id");