-- Lists of the past were gathered and sorted as a whole, since no index was used.
-- Gives a table its history and its views; to be called again when its columns have changed.
--
-- `editable` tells which rows that are not live editors see nevertheless; '' for a table whose
-- rows have no such state.
CREATE OR REPLACE FUNCTION keep_history(of_table text, editable text) RETURNS void LANGUAGE plpgsql AS $function$
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
  -- The parts of the union have no conditions of their own: then the planner puts those of the
  -- view and of who reads it into each part, and uses its indexes.
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
DO $$
DECLARE
  of_table text;
  columns text;
BEGIN
  FOR of_table IN SELECT viewname FROM pg_views WHERE schemaname = 'past' LOOP
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
      FROM pg_attribute
      WHERE attrelid = format('public.%I', of_table)::regclass AND attnum > 0 AND NOT attisdropped;
    EXECUTE format('CREATE OR REPLACE VIEW past.%1$I AS
      SELECT %2$s FROM (
        SELECT %2$s, ''infinity''::timestamptz AS known_until FROM public.%1$I
        UNION ALL SELECT %2$s, known_until FROM history.%1$I) AS known
      WHERE known_since <= known_on() AND known_until > known_on()',
      of_table, columns);
  END LOOP;
END $$;
