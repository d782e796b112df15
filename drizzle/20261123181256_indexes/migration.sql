CREATE INDEX "article_merged_into_index" ON "article" ("merged_into_id") WHERE merged_into_id is not null;--> statement-breakpoint
CREATE INDEX "entity_merged_into_index" ON "entity" ("merged_into_id") WHERE merged_into_id is not null;--> statement-breakpoint
CREATE INDEX "event_merged_into_index" ON "event" ("merged_into_id") WHERE merged_into_id is not null;--> statement-breakpoint
CREATE INDEX "mention_entity_article_index" ON "mention" ("entity_id","published_sort","article_id") WHERE live;