-- Imports write many rows at a time: what each row costs counts.
--
-- Not STRICT, so that PostgreSQL puts the body in place of the call; a call took 13 µs.
CREATE OR REPLACE FUNCTION partial_date_range(given text) RETURNS daterange
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE length(given)
  WHEN 4 THEN daterange(
    make_date(given::int, 1, 1),
    (make_date(given::int, 1, 1) + interval '1 year')::date)
  WHEN 7 THEN daterange(
    make_date(substr(given, 1, 4)::int, substr(given, 6, 2)::int, 1),
    (make_date(substr(given, 1, 4)::int, substr(given, 6, 2)::int, 1) + interval '1 month')::date)
  WHEN 10 THEN daterange(
    make_date(substr(given, 1, 4)::int, substr(given, 6, 2)::int, substr(given, 9, 2)::int),
    make_date(substr(given, 1, 4)::int, substr(given, 6, 2)::int, substr(given, 9, 2)::int) + 1)
END;
--> statement-breakpoint
-- The way up is walked link by link: a plan for a recursive query that was made while the table
-- was small reads all of it for every row.
CREATE OR REPLACE FUNCTION organization_parent_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above uuid := NEW.parent_id;
BEGIN
  WHILE above IS NOT NULL LOOP
    IF above = NEW.id THEN
      RAISE EXCEPTION 'organization % cannot be above itself', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'organization_parent_check';
    END IF;
    above := (SELECT o.parent_id FROM organization o WHERE o.id = above);
  END LOOP;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION place_country_refresh() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above uuid := NEW.within_id;
BEGIN
  WHILE above IS NOT NULL LOOP
    IF above = NEW.id THEN
      RAISE EXCEPTION 'place % cannot lie within itself', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'place_within_check';
    END IF;
    above := (SELECT p.within_id FROM place p WHERE p.id = above);
  END LOOP;
  NEW.country_id := CASE
    WHEN NEW.kind = 'COUNTRY' THEN NEW.id
    ELSE (SELECT p.country_id FROM place p WHERE p.id = NEW.within_id) END;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- One look at the speaker serves for both.
CREATE OR REPLACE FUNCTION statement_copy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  speaker_type entity_type;
BEGIN
  SELECT live INTO NEW.article_live FROM article WHERE id = NEW.article_id;
  SELECT live, type INTO NEW.speaker_live, speaker_type FROM entity WHERE id = NEW.speaker_id;
  IF speaker_type NOT IN ('PERSON', 'ORGANIZATION') THEN
    RAISE EXCEPTION 'only a person or an organization can be the speaker of a statement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_speaker_check';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
DROP TRIGGER statement_speaker_check ON "statement";
--> statement-breakpoint
DROP FUNCTION statement_speaker_check();
--> statement-breakpoint
-- An office's current status follows its history once a statement, and only where it differs.
DROP TRIGGER office_status_refresh ON "office_status";
--> statement-breakpoint
CREATE OR REPLACE FUNCTION office_status_refresh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE office o SET current_status = last.status
  FROM (SELECT DISTINCT office_id FROM changed) c LEFT JOIN LATERAL (
    SELECT s.status FROM office_status s WHERE s.office_id = c.office_id
    ORDER BY s.start_sort DESC, s.id DESC LIMIT 1) last ON true
  WHERE o.id = c.office_id AND o.current_status IS DISTINCT FROM last.status;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER office_status_refresh_insert AFTER INSERT ON "office_status"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION office_status_refresh();
--> statement-breakpoint
CREATE TRIGGER office_status_refresh_update AFTER UPDATE ON "office_status"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION office_status_refresh();
--> statement-breakpoint
CREATE TRIGGER office_status_refresh_moved AFTER UPDATE ON "office_status"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION office_status_refresh();
--> statement-breakpoint
CREATE TRIGGER office_status_refresh_delete AFTER DELETE ON "office_status"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION office_status_refresh();
--> statement-breakpoint
-- As before, but so many rows that servers forget everything are counted before they are read.
CREATE OR REPLACE FUNCTION notify_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  many int;
  changed jsonb[];
  merged uuid[] := '{}';
  words text[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    many := (SELECT count(*) FROM (SELECT FROM old_rows LIMIT 51) r);
  ELSE
    many := (SELECT count(*) FROM (SELECT FROM new_rows LIMIT 51) r);
  END IF;
  IF many = 0 THEN RETURN NULL; END IF;
  IF many > 50 THEN
    PERFORM pg_notify('chancery_changes', '*');
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    changed := ARRAY(SELECT to_jsonb(r) FROM new_rows r);
  ELSIF TG_OP = 'DELETE' THEN
    changed := ARRAY(SELECT to_jsonb(r) FROM old_rows r);
  ELSE
    changed := ARRAY(SELECT to_jsonb(r) FROM old_rows r) || ARRAY(SELECT to_jsonb(r) FROM new_rows r);
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
