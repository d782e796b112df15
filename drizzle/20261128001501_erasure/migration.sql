CREATE TYPE "erasure_reason" AS ENUM('PERSONAL_DATA', 'COURT_ORDER', 'COPYRIGHT', 'SECURITY', 'ERROR', 'OTHER');--> statement-breakpoint
CREATE TYPE "record_type" AS ENUM('ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE', 'ARTICLE', 'EVENT', 'POSITION', 'MEMBERSHIP', 'STATEMENT');--> statement-breakpoint
ALTER TYPE "revision_action" ADD VALUE 'ERASE';--> statement-breakpoint
CREATE TABLE "erased_key" (
	"erasure_id" uuid,
	"salt" text,
	"hash" text,
	CONSTRAINT "erased_key_pkey" PRIMARY KEY("hash","salt","erasure_id")
);
--> statement-breakpoint
CREATE TABLE "erasure" (
	"id" uuid PRIMARY KEY,
	"record_id" uuid NOT NULL,
	"type" "record_type" NOT NULL,
	"reason" "erasure_reason" NOT NULL,
	"field" text,
	"change_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"was_public" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "erasure_id" uuid;--> statement-breakpoint
CREATE UNIQUE INDEX "erasure_record_key" ON "erasure" ("record_id") WHERE field is null;--> statement-breakpoint
CREATE INDEX "erasure_change_index" ON "erasure" ("change_id");--> statement-breakpoint
ALTER TABLE "erased_key" ADD CONSTRAINT "erased_key_erasure_id_erasure_id_fkey" FOREIGN KEY ("erasure_id") REFERENCES "erasure"("id");--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_erasure_id_erasure_id_fkey" FOREIGN KEY ("erasure_id") REFERENCES "erasure"("id");--> statement-breakpoint
ALTER TABLE "revision" DROP CONSTRAINT "revision_record_check", ADD CONSTRAINT "revision_record_check" CHECK (num_nonnulls(entity_id, article_id, event_id, position_id, membership_id, statement_id, erasure_id) = 1);--> statement-breakpoint
-- Revisions are only added; erasing alone takes them away, and says so in its transaction.
CREATE OR REPLACE FUNCTION revision_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'TRUNCATE' AND current_setting('chancery.erasing', true) = 'on' THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'revisions are append-only' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER erasure_notify_insert AFTER INSERT ON "erasure" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('record_id', 'false');
