ALTER TABLE "entity_identifier" ADD COLUMN "id" uuid DEFAULT gen_random_uuid();--> statement-breakpoint
ALTER TABLE "entity_identifier" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "entity_identifier" ADD COLUMN "entity_type" "entity_type";--> statement-breakpoint
ALTER TABLE "entity_identifier" DROP CONSTRAINT "entity_identifier_pkey";--> statement-breakpoint
ALTER TABLE "entity_identifier" ADD PRIMARY KEY ("id");--> statement-breakpoint
ALTER TABLE "entity_identifier" ADD CONSTRAINT "entity_identifier_key" UNIQUE NULLS NOT DISTINCT("scheme","value","source","entity_type");--> statement-breakpoint
ALTER TABLE "entity_identifier" ADD CONSTRAINT "entity_identifier_source_check" CHECK ((source is null) = (entity_type is null));--> statement-breakpoint
ALTER TABLE "history"."entity_identifier"
  ADD COLUMN "id" uuid, ADD COLUMN "source" text, ADD COLUMN "entity_type" "entity_type";
--> statement-breakpoint
SELECT keep_history('entity_identifier', '');
