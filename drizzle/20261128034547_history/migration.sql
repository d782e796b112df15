-- What was known when: every row that is changed or deleted is kept with the time in which it was
-- known, for "as known on".

-- Former rows.
CREATE SCHEMA history;
--> statement-breakpoint
-- The tables as they were known at chancery.known_on: `SET search_path = past, public` turns any
-- query into one of that time.
CREATE SCHEMA past;
--> statement-breakpoint
-- The tables as editors see them: a row that is hidden only because it, or a record it depends on,
-- is a draft counts as live.
CREATE SCHEMA drafts;
--> statement-breakpoint
CREATE FUNCTION known_on() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('chancery.known_on')::timestamptz;
--> statement-breakpoint
-- Whether an entity or an article is deleted or merged into another, as opposed to a draft.
CREATE FUNCTION is_gone(record uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (SELECT FROM public.entity e
    WHERE e.id = record AND (e.deleted_at IS NOT NULL OR e.merged_into_id IS NOT NULL))
  OR EXISTS (SELECT FROM public.article a
    WHERE a.id = record AND (a.deleted_at IS NOT NULL OR a.merged_into_id IS NOT NULL));
--> statement-breakpoint
-- Gives a table its history and its views. Call it again when the table's columns have changed.
--
-- `editable` states which rows that are not live editors see nevertheless; '' for a table whose
-- rows have no such state.
CREATE FUNCTION keep_history(of_table text, editable text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  columns text;
  olds text;
  lively text;
  first_column text;
BEGIN
  IF to_regclass(format('history.%I', of_table)) IS NULL THEN
    -- Rows from before the table had a history count as known always.
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
  -- A function for each table, with its columns by name: a generic one would go through JSON.
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
  -- The parts of the union have no conditions of their own, so that the planner pushes those of
  -- the view and of its query into each part and uses its indexes.
  EXECUTE format('CREATE VIEW past.%1$I AS
    SELECT %2$s FROM (
      SELECT %2$s, ''infinity''::timestamptz AS known_until FROM public.%1$I
      UNION ALL SELECT %2$s, known_until FROM history.%1$I) AS known
    WHERE known_since <= known_on() AND known_until > known_on()',
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
