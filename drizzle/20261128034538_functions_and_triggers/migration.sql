-- What the database keeps true for every writer, also for SQL in a console.

-- The distance along the surface of a sphere of Earth's mean radius (IUGG), in kilometres, by the
-- haversine formula. Rounding could lift the argument of asin over 1.
CREATE FUNCTION great_circle_km(latitude1 float8, longitude1 float8, latitude2 float8, longitude2 float8)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN 2 * 6371.0088 * asin(least(1, sqrt(
  sin(radians(latitude2 - latitude1) / 2) ^ 2
  + cos(radians(latitude1)) * cos(radians(latitude2)) * sin(radians(longitude2 - longitude1) / 2) ^ 2)));
--> statement-breakpoint
-- Derived columns
--
-- No constraint can compare these with the rows they come from, so triggers derive them.

-- An office's current status is the last of its history. Once per statement, because an import
-- writes many; only where it differs, because each update keeps the old row in history.
CREATE FUNCTION office_status_refresh() RETURNS trigger LANGUAGE plpgsql AS $$
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
-- The office that a status was moved away from.
CREATE TRIGGER office_status_refresh_moved AFTER UPDATE ON "office_status"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION office_status_refresh();
--> statement-breakpoint
CREATE TRIGGER office_status_refresh_delete AFTER DELETE ON "office_status"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION office_status_refresh();
--> statement-breakpoint
-- A place lies in the nearest country at or above it, and never within itself. The way up is
-- walked link by link: a cached plan of a recursive query, made while the table was small, reads
-- all of it for every row.
CREATE FUNCTION place_country_refresh() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER place_country_refresh BEFORE INSERT OR UPDATE OF within_id, kind, country_id ON "place"
  FOR EACH ROW EXECUTE FUNCTION place_country_refresh();
--> statement-breakpoint
-- A place that moves to another country takes the places within it along.
CREATE FUNCTION place_country_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE place SET country_id = NEW.country_id WHERE within_id = NEW.id AND kind <> 'COUNTRY';
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER place_country_spread AFTER UPDATE ON "place"
  FOR EACH ROW WHEN (OLD.country_id IS DISTINCT FROM NEW.country_id)
  EXECUTE FUNCTION place_country_spread();
--> statement-breakpoint
-- Rules that no check constraint can state, as they depend on other rows

-- No organization is above itself.
CREATE FUNCTION organization_parent_check() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER organization_parent_check BEFORE INSERT OR UPDATE OF parent_id ON "organization"
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION organization_parent_check();
--> statement-breakpoint
-- Only a person or an organization speaks. Once per statement, for all its rows; planned each time,
-- as a cached plan made while the table was small reads all of it.
CREATE FUNCTION statement_speakers_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong boolean;
BEGIN
  EXECUTE 'SELECT EXISTS (SELECT FROM new_rows n
    WHERE (SELECT type FROM entity e WHERE e.id = n.speaker_id) NOT IN (''PERSON'', ''ORGANIZATION''))' INTO wrong;
  IF wrong THEN
    RAISE EXCEPTION 'only a person or an organization can be the speaker of a statement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_speaker_check';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER statement_speakers_insert AFTER INSERT ON "statement" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION statement_speakers_check();
--> statement-breakpoint
CREATE TRIGGER statement_speakers_update AFTER UPDATE ON "statement" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION statement_speakers_check();
--> statement-breakpoint
-- Revisions

-- Revisions are only added. Erasing alone removes and changes them, and sets chancery.erasing to
-- 'on' for its transaction.
CREATE FUNCTION revision_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'TRUNCATE' AND current_setting('chancery.erasing', true) = 'on' THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'revisions are append-only' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "revision"
  FOR EACH STATEMENT EXECUTE FUNCTION revision_append_only();
--> statement-breakpoint
-- A record's revisions are counted from 1. The writer gives the number of a first revision, where
-- it need not be looked up.
CREATE FUNCTION revision_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number IS NULL THEN
    NEW.number := 1 + coalesce((
      SELECT max(r.number) FROM revision r
      WHERE coalesce(r.entity_id, r.article_id, r.event_id, r.position_id, r.membership_id, r.statement_id)
        = coalesce(NEW.entity_id, NEW.article_id, NEW.event_id, NEW.position_id, NEW.membership_id, NEW.statement_id)), 0);
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER revision_number BEFORE INSERT ON "revision"
  FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION revision_number();
--> statement-breakpoint
-- Wakes the servers, which then read the new revisions for their subscribers.
CREATE FUNCTION revision_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('chancery_revisions', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER revision_notify AFTER INSERT ON "revision"
  FOR EACH STATEMENT EXECUTE FUNCTION revision_notify();
--> statement-breakpoint
-- Cache invalidation

-- Notifies servers of changed rows in the terms of `dependency` in src/knowledge/reading/view.ts, so
-- that each drops only the cached responses that may be stale.
--
-- A trigger's arguments: the column that names the record that the row is a part of, or ''; and
-- whether records of the table can be merged into one another.
CREATE FUNCTION notify_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  many int;
  changed jsonb[];
  merged uuid[] := '{}';
  words text[];
BEGIN
  -- Past 50 rows servers drop everything; counted first, as an import writes a thousand at a time.
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
--> statement-breakpoint
-- Per table: the column that names the record, and whether its records can be merged.
DO $$
DECLARE
  of_table text;
  record_column text;
  is_mergeable boolean;
BEGIN
  FOR of_table, record_column, is_mergeable IN VALUES
    ('entity', '', true),
    ('organization', '', false),
    ('person', '', false),
    ('office', '', false),
    ('place', '', false),
    ('event', '', true),
    ('article', '', true),
    ('statement', '', false),
    ('reference', '', false),
    ('mention', '', false),
    ('position', '', false),
    ('membership', '', false),
    ('entity_name', 'entity_id', false),
    ('entity_identifier', 'entity_id', false),
    ('office_status', 'office_id', false),
    ('office_accreditation', 'office_id', false),
    ('event_participant', 'event_id', false),
    ('article_body', 'article_id', false),
    ('statement_subject', 'statement_id', false),
    ('statement_audience', 'statement_id', false)
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON public.%I REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION notify_changes(%L, %L)',
      of_table || '_notify_insert', of_table, record_column, is_mergeable::text);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON public.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION notify_changes(%L, %L)',
      of_table || '_notify_update', of_table, record_column, is_mergeable::text);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON public.%I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION notify_changes(%L, %L)',
      of_table || '_notify_delete', of_table, record_column, is_mergeable::text);
  END LOOP;
END $$;
--> statement-breakpoint
-- Tombstones are only added.
CREATE TRIGGER erasure_notify_insert AFTER INSERT ON "erasure" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION notify_changes('record_id', 'false');
