CREATE INDEX "membership_start_index" ON "membership" ("start_sort","id") WHERE "live";--> statement-breakpoint
CREATE INDEX "position_start_index" ON "position" ("start_sort","id") WHERE "live";