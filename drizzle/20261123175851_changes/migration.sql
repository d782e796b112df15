-- Tells servers what changed, in the words of src/knowledge/reading/dependency.ts, so that each
-- drops just those answers from its cache that the change may make wrong.
--
-- A trigger's arguments: the column that names the record of which the row is a part, or ''; and
-- whether records of the table can be merged into one another.
CREATE FUNCTION notify_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb[];
  merged uuid[] := '{}';
  words text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    changed := ARRAY(SELECT to_jsonb(r) FROM new_rows r LIMIT 51);
  ELSIF TG_OP = 'DELETE' THEN
    changed := ARRAY(SELECT to_jsonb(r) FROM old_rows r LIMIT 51);
  ELSE
    changed := ARRAY(SELECT to_jsonb(r) FROM old_rows r LIMIT 51)
      || ARRAY(SELECT to_jsonb(r) FROM new_rows r LIMIT 51);
  END IF;
  IF cardinality(changed) = 0 THEN RETURN NULL; END IF;
  -- So much at once is an import: it is cheaper to forget everything.
  IF cardinality(changed) > 50 THEN
    PERFORM pg_notify('chancery_changes', '*');
    RETURN NULL;
  END IF;
  IF TG_ARGV[1] = 'true' THEN
    EXECUTE format(
      'SELECT coalesce(array_agg(id), ''{}'') FROM %I WHERE merged_into_id = ANY ($1)', TG_TABLE_NAME)
      INTO merged USING ARRAY(SELECT (r ->> 'id')::uuid FROM unnest(changed) r);
  END IF;
  words := ARRAY(
    SELECT TG_TABLE_NAME::text
    UNION SELECT r ->> 'id' FROM unnest(changed) r WHERE r ? 'id'
    UNION SELECT r ->> TG_ARGV[0] FROM unnest(changed) r WHERE TG_ARGV[0] <> ''
    UNION SELECT 'slug:' || (r ->> 'slug') FROM unnest(changed) r WHERE r ? 'slug'
    UNION SELECT m::text FROM unnest(merged) m
    UNION SELECT TG_TABLE_NAME || ':' || field.value
      FROM unnest(changed) r, jsonb_each_text(r) field
      WHERE field.key LIKE '%\_id' AND field.value IS NOT NULL);
  -- A notification holds less than 8,000 bytes: 25 words of up to 300.
  IF EXISTS (SELECT FROM unnest(words) w WHERE octet_length(w) > 300) THEN
    PERFORM pg_notify('chancery_changes', '*');
    RETURN NULL;
  END IF;
  PERFORM pg_notify('chancery_changes', string_agg(word, ' '))
    FROM unnest(words) WITH ORDINALITY w(word, n) WHERE word IS NOT NULL GROUP BY n / 25;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER entity_notify_insert AFTER INSERT ON "entity" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER entity_notify_update AFTER UPDATE ON "entity" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER entity_notify_delete AFTER DELETE ON "entity" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER organization_notify_insert AFTER INSERT ON "organization" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER organization_notify_update AFTER UPDATE ON "organization" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER organization_notify_delete AFTER DELETE ON "organization" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER person_notify_insert AFTER INSERT ON "person" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER person_notify_update AFTER UPDATE ON "person" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER person_notify_delete AFTER DELETE ON "person" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER office_notify_insert AFTER INSERT ON "office" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER office_notify_update AFTER UPDATE ON "office" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER office_notify_delete AFTER DELETE ON "office" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER place_notify_insert AFTER INSERT ON "place" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER place_notify_update AFTER UPDATE ON "place" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER place_notify_delete AFTER DELETE ON "place" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER event_notify_insert AFTER INSERT ON "event" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER event_notify_update AFTER UPDATE ON "event" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER event_notify_delete AFTER DELETE ON "event" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER article_notify_insert AFTER INSERT ON "article" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER article_notify_update AFTER UPDATE ON "article" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER article_notify_delete AFTER DELETE ON "article" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'true');
--> statement-breakpoint
CREATE TRIGGER statement_notify_insert AFTER INSERT ON "statement" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER statement_notify_update AFTER UPDATE ON "statement" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER statement_notify_delete AFTER DELETE ON "statement" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER reference_notify_insert AFTER INSERT ON "reference" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER reference_notify_update AFTER UPDATE ON "reference" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER reference_notify_delete AFTER DELETE ON "reference" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER mention_notify_insert AFTER INSERT ON "mention" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER mention_notify_update AFTER UPDATE ON "mention" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER mention_notify_delete AFTER DELETE ON "mention" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER position_notify_insert AFTER INSERT ON "position" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER position_notify_update AFTER UPDATE ON "position" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER position_notify_delete AFTER DELETE ON "position" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER membership_notify_insert AFTER INSERT ON "membership" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER membership_notify_update AFTER UPDATE ON "membership" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER membership_notify_delete AFTER DELETE ON "membership" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('', 'false');
--> statement-breakpoint
CREATE TRIGGER entity_name_notify_insert AFTER INSERT ON "entity_name" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('entity_id', 'false');
--> statement-breakpoint
CREATE TRIGGER entity_name_notify_update AFTER UPDATE ON "entity_name" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('entity_id', 'false');
--> statement-breakpoint
CREATE TRIGGER entity_name_notify_delete AFTER DELETE ON "entity_name" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('entity_id', 'false');
--> statement-breakpoint
CREATE TRIGGER entity_identifier_notify_insert AFTER INSERT ON "entity_identifier" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('entity_id', 'false');
--> statement-breakpoint
CREATE TRIGGER entity_identifier_notify_update AFTER UPDATE ON "entity_identifier" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('entity_id', 'false');
--> statement-breakpoint
CREATE TRIGGER entity_identifier_notify_delete AFTER DELETE ON "entity_identifier" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('entity_id', 'false');
--> statement-breakpoint
CREATE TRIGGER office_status_notify_insert AFTER INSERT ON "office_status" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('office_id', 'false');
--> statement-breakpoint
CREATE TRIGGER office_status_notify_update AFTER UPDATE ON "office_status" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('office_id', 'false');
--> statement-breakpoint
CREATE TRIGGER office_status_notify_delete AFTER DELETE ON "office_status" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('office_id', 'false');
--> statement-breakpoint
CREATE TRIGGER office_accreditation_notify_insert AFTER INSERT ON "office_accreditation" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('office_id', 'false');
--> statement-breakpoint
CREATE TRIGGER office_accreditation_notify_update AFTER UPDATE ON "office_accreditation" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('office_id', 'false');
--> statement-breakpoint
CREATE TRIGGER office_accreditation_notify_delete AFTER DELETE ON "office_accreditation" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('office_id', 'false');
--> statement-breakpoint
CREATE TRIGGER event_participant_notify_insert AFTER INSERT ON "event_participant" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('event_id', 'false');
--> statement-breakpoint
CREATE TRIGGER event_participant_notify_update AFTER UPDATE ON "event_participant" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('event_id', 'false');
--> statement-breakpoint
CREATE TRIGGER event_participant_notify_delete AFTER DELETE ON "event_participant" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('event_id', 'false');
--> statement-breakpoint
CREATE TRIGGER article_body_notify_insert AFTER INSERT ON "article_body" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('article_id', 'false');
--> statement-breakpoint
CREATE TRIGGER article_body_notify_update AFTER UPDATE ON "article_body" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('article_id', 'false');
--> statement-breakpoint
CREATE TRIGGER article_body_notify_delete AFTER DELETE ON "article_body" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('article_id', 'false');
--> statement-breakpoint
CREATE TRIGGER statement_subject_notify_insert AFTER INSERT ON "statement_subject" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('statement_id', 'false');
--> statement-breakpoint
CREATE TRIGGER statement_subject_notify_update AFTER UPDATE ON "statement_subject" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('statement_id', 'false');
--> statement-breakpoint
CREATE TRIGGER statement_subject_notify_delete AFTER DELETE ON "statement_subject" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('statement_id', 'false');
--> statement-breakpoint
CREATE TRIGGER statement_audience_notify_insert AFTER INSERT ON "statement_audience" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('statement_id', 'false');
--> statement-breakpoint
CREATE TRIGGER statement_audience_notify_update AFTER UPDATE ON "statement_audience" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('statement_id', 'false');
--> statement-breakpoint
CREATE TRIGGER statement_audience_notify_delete AFTER DELETE ON "statement_audience" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('statement_id', 'false');
