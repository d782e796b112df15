-- A record's revisions are counted from 1, whoever writes them.
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
  FOR EACH ROW EXECUTE FUNCTION revision_number();
--> statement-breakpoint
-- Wakes the servers, which then read what is new.
CREATE FUNCTION revision_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('chancery_revisions', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER revision_notify AFTER INSERT ON "revision"
  FOR EACH STATEMENT EXECUTE FUNCTION revision_notify();
--> statement-breakpoint
-- Rows that were written over or deleted, each with the time in which it was known.
CREATE SCHEMA history;
--> statement-breakpoint
-- The tables as they were known at chancery.known_on: `SET search_path = past, public` makes any
-- query one about that time.
CREATE SCHEMA past;
--> statement-breakpoint
-- The tables as editors see them: what is only hidden because it, or what it hangs on, is a
-- draft counts as live.
CREATE SCHEMA drafts;
--> statement-breakpoint
CREATE FUNCTION known_on() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('chancery.known_on')::timestamptz;
--> statement-breakpoint
-- Whether an entity or an article is deleted or merged into another, not merely a draft.
CREATE FUNCTION is_gone(record uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (SELECT FROM public.entity e
    WHERE e.id = record AND (e.deleted_at IS NOT NULL OR e.merged_into_id IS NOT NULL))
  OR EXISTS (SELECT FROM public.article a
    WHERE a.id = record AND (a.deleted_at IS NOT NULL OR a.merged_into_id IS NOT NULL));
--> statement-breakpoint
-- Gives a table its history and its views; to be called again when its columns have changed.
--
-- `editable` tells which rows that are not live editors see nevertheless; '' for a table whose
-- rows have no such state.
CREATE FUNCTION keep_history(of_table text, editable text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  columns text;
  olds text;
  lively text;
  first_column text;
BEGIN
  IF to_regclass(format('history.%I', of_table)) IS NULL THEN
    -- What was there before is taken to have been known always.
    EXECUTE format('ALTER TABLE public.%I ADD COLUMN known_since timestamptz NOT NULL DEFAULT ''-infinity''', of_table);
    EXECUTE format('ALTER TABLE public.%I ALTER COLUMN known_since SET DEFAULT now()', of_table);
    EXECUTE format('CREATE TABLE history.%I (LIKE public.%1$I, known_until timestamptz NOT NULL)', of_table);
    EXECUTE format('CREATE INDEX ON history.%I (known_until)', of_table);
  END IF;
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
      string_agg('OLD.' || quote_ident(attname), ', ' ORDER BY attnum),
      string_agg(CASE attname WHEN 'live' THEN format('(%s) AS live', editable) ELSE quote_ident(attname) END, ', ' ORDER BY attnum),
      min(quote_ident(attname)) FILTER (WHERE attnum = 1)
    INTO columns, olds, lively, first_column
    FROM pg_attribute
    WHERE attrelid = format('public.%I', of_table)::regclass AND attnum > 0 AND NOT attisdropped;
  -- Written out for each table: a row's columns by name cost nothing there.
  EXECUTE format($body$
    CREATE OR REPLACE FUNCTION history.%I() RETURNS trigger LANGUAGE plpgsql AS $keep$
    DECLARE
      -- Clocks may go back; time in history does not.
      moment timestamptz := greatest(now(), OLD.known_since);
    BEGIN
      IF OLD.known_since < moment THEN
        INSERT INTO history.%I (%s, known_until) VALUES (%s, moment);
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      NEW.known_since := moment;
      RETURN NEW;
    END $keep$ $body$, 'keep_' || of_table, of_table, columns, olds);
  EXECUTE format('CREATE OR REPLACE TRIGGER keep_history BEFORE UPDATE OR DELETE ON public.%I
    FOR EACH ROW EXECUTE FUNCTION history.%I()', of_table, 'keep_' || of_table);
  EXECUTE format('DROP VIEW IF EXISTS past.%I', of_table);
  EXECUTE format('CREATE VIEW past.%1$I AS
    SELECT %2$s FROM public.%1$I WHERE known_since <= known_on()
    UNION ALL SELECT %2$s FROM history.%1$I WHERE known_since <= known_on() AND known_until > known_on()',
    of_table, columns);
  IF editable = '' THEN RETURN; END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON public.%I (%s) WHERE NOT live',
    of_table || '_hidden_index', of_table, first_column);
  EXECUTE format('DROP VIEW IF EXISTS drafts.%I', of_table);
  EXECUTE format('CREATE VIEW drafts.%1$I AS
    SELECT %2$s FROM public.%1$I WHERE live
    UNION ALL SELECT %3$s FROM public.%1$I it WHERE NOT live',
    of_table, columns, lively);
END $function$;
--> statement-breakpoint
SELECT keep_history('entity', 'deleted_at IS NULL AND merged_into_id IS NULL');
--> statement-breakpoint
SELECT keep_history('organization', 'NOT is_gone(id)');
--> statement-breakpoint
SELECT keep_history('person', 'NOT is_gone(id)');
--> statement-breakpoint
SELECT keep_history('office', 'NOT is_gone(id)');
--> statement-breakpoint
SELECT keep_history('place', 'NOT is_gone(id)');
--> statement-breakpoint
SELECT keep_history('entity_name', '');
--> statement-breakpoint
SELECT keep_history('entity_identifier', '');
--> statement-breakpoint
SELECT keep_history('office_status', '');
--> statement-breakpoint
SELECT keep_history('office_accreditation', '');
--> statement-breakpoint
SELECT keep_history('article', 'deleted_at IS NULL AND merged_into_id IS NULL');
--> statement-breakpoint
SELECT keep_history('article_body', '');
--> statement-breakpoint
SELECT keep_history('event', 'deleted_at IS NULL AND merged_into_id IS NULL');
--> statement-breakpoint
SELECT keep_history('event_participant',
  'EXISTS (SELECT FROM public.event e WHERE e.id = event_id AND e.deleted_at IS NULL AND e.merged_into_id IS NULL)');
--> statement-breakpoint
SELECT keep_history('position',
  'deleted_at IS NULL AND NOT is_gone(person_id) AND NOT is_gone(organization_id)');
--> statement-breakpoint
SELECT keep_history('membership',
  'deleted_at IS NULL AND NOT is_gone(member_id) AND NOT is_gone(organization_id)');
--> statement-breakpoint
SELECT keep_history('statement',
  'deleted_at IS NULL AND NOT is_gone(article_id) AND NOT is_gone(speaker_id)');
--> statement-breakpoint
SELECT keep_history('statement_subject',
  'EXISTS (SELECT FROM public.statement s WHERE s.id = statement_id AND s.deleted_at IS NULL
    AND NOT is_gone(s.article_id) AND NOT is_gone(s.speaker_id))');
--> statement-breakpoint
SELECT keep_history('statement_audience', '');
--> statement-breakpoint
SELECT keep_history('mention', 'NOT is_gone(article_id) AND NOT is_gone(entity_id)');
--> statement-breakpoint
SELECT keep_history('reference', 'deleted_at IS NULL AND NOT is_gone(article_id)');
