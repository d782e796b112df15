-- How much of the body of an article readers may see.

CREATE TYPE "body_access" AS ENUM('FULL', 'PASSAGES');--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "body_access" "body_access" DEFAULT 'FULL'::"body_access" NOT NULL;--> statement-breakpoint
ALTER TABLE "organization" ADD COLUMN "article_body_access" "body_access";
--> statement-breakpoint
ALTER TABLE history."article" ADD COLUMN "body_access" "body_access" DEFAULT 'FULL' NOT NULL;
--> statement-breakpoint
ALTER TABLE history."organization" ADD COLUMN "article_body_access" "body_access";
--> statement-breakpoint
-- The right to show a text that an article had in the past is the present one: the stricter of its
-- own and that of the article into which it was merged.
CREATE FUNCTION body_access_now(record uuid) RETURNS body_access LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT greatest(a.body_access, stays.body_access)
  FROM public.article a LEFT JOIN public.article stays ON stays.id = a.merged_into_id
  WHERE a.id = record);
--> statement-breakpoint
DROP FUNCTION keep_history(text, text);
--> statement-breakpoint
-- Gives a table its history and its views. Call it again when the table's columns have changed.
--
-- `editable` states which rows that are not live editors see nevertheless; '' for a table whose
-- rows have no such state. `present` gives columns, by name, of which the past has another value
-- than history: an expression over its row.
CREATE FUNCTION keep_history(of_table text, editable text, present jsonb DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  columns text;
  olds text;
  lively text;
  past_columns text;
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
      string_agg(CASE WHEN present ? attname::text THEN format('(%s) AS %I', present ->> attname, attname)
        ELSE quote_ident(attname) END, ', ' ORDER BY attnum),
      min(quote_ident(attname)) FILTER (WHERE attnum = 1)
    INTO columns, olds, lively, past_columns, first_column
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
    SELECT %3$s FROM (
      SELECT %2$s, ''infinity''::timestamptz AS known_until FROM public.%1$I
      UNION ALL SELECT %2$s, known_until FROM history.%1$I) AS known
    WHERE known_since <= known_on() AND known_until > known_on()',
    of_table, columns, past_columns);
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
SELECT keep_history('article', 'deleted_at IS NULL AND merged_into_id IS NULL',
  '{"body_access": "body_access_now(id)"}');
--> statement-breakpoint
SELECT keep_history('organization', 'NOT is_gone(id)');
--> statement-breakpoint
-- Search in articles of which readers may see only cited passages: readers find them by their titles
-- and cited passages, editors by all of their text.

-- Tables, as drizzle-kit generates them from src/database/tables/search.ts.

CREATE TABLE "search_withheld" (
	"id" uuid PRIMARY KEY,
	"type" "search_type" NOT NULL,
	"date" date NOT NULL,
	"organization_id" uuid,
	"config" text NOT NULL,
	"live" boolean NOT NULL,
	"words" tsvector NOT NULL,
	"cut_at" integer
);
--> statement-breakpoint
CREATE TABLE "search_withheld_part" (
	"article_id" uuid,
	"start" integer,
	"length" integer NOT NULL,
	"words" tsvector NOT NULL,
	CONSTRAINT "search_withheld_part_pkey" PRIMARY KEY("article_id","start")
);
--> statement-breakpoint
ALTER TABLE "search_document" ADD COLUMN "withheld" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "article_withheld_index" ON "article" ("id") WHERE "body_access" = 'PASSAGES';--> statement-breakpoint
CREATE INDEX "search_withheld_text_index" ON "search_withheld" USING gin ("words") WHERE (("live") and ("type" in ('ARTICLE', 'STATEMENT')));--> statement-breakpoint
CREATE INDEX "search_withheld_date_index" ON "search_withheld" ("date","id") WHERE (("live") and ("type" in ('ARTICLE', 'STATEMENT')));--> statement-breakpoint
CREATE INDEX "search_withheld_config_index" ON "search_withheld" ("config");--> statement-breakpoint
CREATE INDEX "search_withheld_part_words_index" ON "search_withheld_part" USING gin ("words");
--> statement-breakpoint
-- What editors search.
CREATE VIEW drafts.search_document AS
  SELECT id, type, date, organization_id, config, live, words, cut_at, withheld
    FROM public.search_document WHERE NOT withheld
  UNION ALL SELECT id, type, date, organization_id, config, live, words, cut_at, false FROM public.search_withheld;
--> statement-breakpoint
CREATE VIEW drafts.search_part AS
  SELECT article_id, start, length, words FROM public.search_part
  UNION ALL SELECT article_id, start, length, words FROM public.search_withheld_part;
--> statement-breakpoint
-- The passages of an article that references cite, in its order. Enough of them for any article that
-- is not cited as a whole; all positions of their words have to fit into one document.
CREATE FUNCTION cited_passages(article uuid) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT left(string_agg(exact, E'\n' ORDER BY first_start), 100000) FROM (
  SELECT r.exact, min(r.start) AS first_start FROM reference r
  WHERE r.article_id = article AND r.live AND r.verified GROUP BY r.exact) passage);
--> statement-breakpoint
DROP FUNCTION search_body(uuid, text, text, integer);
--> statement-breakpoint
-- The words of an article's text. Of a long text the parts are kept as well, each with the beginning of
-- the next one, so that every phrase is whole in one of them. `room` is what the words may take, in bytes:
-- PostgreSQL allows a megabyte for all words of a document; `cut` is where they end. `withheld`: in the
-- tables for editors.
CREATE FUNCTION search_body(article uuid, config text, given text, room integer, withheld boolean, OUT words tsvector, OUT cut integer)
LANGUAGE plpgsql AS $$
DECLARE
  step integer := search_part_length(config, given);
  size integer := length(given);
  place integer := 0;
  part tsvector;
BEGIN
  IF withheld THEN DELETE FROM search_withheld_part WHERE article_id = article;
  ELSE DELETE FROM search_part WHERE article_id = article; END IF;
  IF size <= step OR size IS NULL THEN
    words := search_words(config, given, 'D');
    RETURN;
  END IF;
  words := '';
  WHILE place < size LOOP
    part := search_words(config, substr(given, place + 1, step + 200), 'D');
    IF withheld THEN
      INSERT INTO search_withheld_part (article_id, start, length, words)
        VALUES (article, place, least(step + 200, size - place), part);
    ELSE
      INSERT INTO search_part (article_id, start, length, words)
        VALUES (article, place, least(step + 200, size - place), part);
    END IF;
    IF cut IS NULL AND pg_column_size(words) + pg_column_size(part) > room THEN cut := place; END IF;
    IF cut IS NULL THEN words := words || part; END IF;
    place := place + step;
  END LOOP;
END $$;
--> statement-breakpoint
-- An article: title, byline, text, publisher, and the entities that it mentions. Where readers may not
-- see the text, the words of its cited passages stand for it, and `search_withheld` has all.
CREATE OR REPLACE FUNCTION refresh_search_articles(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_document AS old (id, type, date, organization_id, config, live, words, cut_at, withheld)
  SELECT a.id, 'ARTICLE', a.published_sort, a.publisher_id, c.config, a.live,
    head.words || CASE a.body_access WHEN 'FULL' THEN body.words
      ELSE search_words(c.config, cited_passages(a.id), 'D') END,
    body.cut, a.body_access <> 'FULL'
  FROM article a LEFT JOIN article_body b ON b.article_id = a.id AND a.body_access = 'FULL',
    LATERAL (SELECT search_config(a.language)) c (config),
    LATERAL (SELECT
      coalesce((SELECT string_agg(search_entity(m.entity_id) || ':1B', ' ')::tsvector
          FROM (SELECT entity_id FROM mention WHERE article_id = a.id LIMIT 10000) m), '')
        || coalesce((search_entity(a.publisher_id) || ':1C')::tsvector, '')
        || search_words(c.config, a.title, 'A') || search_words(c.config, a.byline, 'C')) head (words),
    LATERAL search_body(a.id, c.config, b.text, 1000000 - pg_column_size(head.words), false) body
  WHERE a.id = ANY (ids)
  ON CONFLICT (id) DO UPDATE SET date = excluded.date, organization_id = excluded.organization_id,
    config = excluded.config, live = excluded.live, words = excluded.words, cut_at = excluded.cut_at,
    withheld = excluded.withheld
  WHERE old IS DISTINCT FROM excluded;

  -- The words of all but the text have other weights than D.
  INSERT INTO search_withheld AS old (id, type, date, organization_id, config, live, words, cut_at)
  SELECT d.id, d.type, d.date, d.organization_id, d.config, d.live, head.words || body.words, body.cut
  FROM search_document d LEFT JOIN article_body b ON b.article_id = d.id,
    LATERAL (SELECT ts_filter(d.words, '{a,b,c}')) head (words),
    LATERAL search_body(d.id, d.config, b.text, 1000000 - pg_column_size(head.words), true) body
  WHERE d.id = ANY (ids) AND d.withheld
  ON CONFLICT (id) DO UPDATE SET date = excluded.date, organization_id = excluded.organization_id,
    config = excluded.config, live = excluded.live, words = excluded.words, cut_at = excluded.cut_at
  WHERE old IS DISTINCT FROM excluded;

  WITH opened AS (
    DELETE FROM search_withheld w USING search_document d
    WHERE w.id = ANY (ids) AND d.id = w.id AND NOT d.withheld RETURNING w.id)
  DELETE FROM search_withheld_part p USING opened WHERE p.article_id = opened.id
$$;
--> statement-breakpoint
-- Removes the documents of deleted records.
CREATE OR REPLACE FUNCTION search_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_document WHERE id IN (SELECT id FROM old_rows);
  DELETE FROM search_name WHERE entity_id IN (SELECT id FROM old_rows);
  DELETE FROM search_part WHERE article_id IN (SELECT id FROM old_rows);
  DELETE FROM search_withheld WHERE id IN (SELECT id FROM old_rows);
  DELETE FROM search_withheld_part WHERE article_id IN (SELECT id FROM old_rows);
  RETURN NULL;
END $$;
--> statement-breakpoint
DROP TRIGGER article_search_update ON article;
--> statement-breakpoint
CREATE TRIGGER article_search_update AFTER UPDATE ON article
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
  EXECUTE FUNCTION search_changes('articles', 'id',
    'title, byline, publisher_id, language, published_on, live, body_access');
--> statement-breakpoint
-- The document of an article of which only the cited passages are searched follows its references. An
-- article that is new in this transaction has no document yet, and gets it with its references. Planned
-- each time, as a cached plan made while the table was small reads all of it.
CREATE FUNCTION search_passages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
  changed text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT article_id FROM new_rows'
    WHEN 'DELETE' THEN 'SELECT article_id FROM old_rows'
    -- In both directions: a row may have moved to another article.
    ELSE 'SELECT article_id FROM (
      (SELECT id, article_id, exact, live, verified FROM old_rows EXCEPT SELECT id, article_id, exact, live, verified FROM new_rows)
      UNION ALL
      (SELECT id, article_id, exact, live, verified FROM new_rows EXCEPT SELECT id, article_id, exact, live, verified FROM old_rows)) d'
    END;
BEGIN
  EXECUTE format('SELECT array_agg(a.id) FROM article a WHERE a.body_access = ''PASSAGES''
    AND a.id IN (%s) AND EXISTS (SELECT FROM search_document d WHERE d.id = a.id)', changed) INTO ids;
  IF ids IS NULL THEN RETURN NULL; END IF;
  -- Locked first, so that the next statement sees what a concurrent writer committed meanwhile.
  PERFORM FROM article WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  PERFORM refresh_search_articles(ids);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER reference_search_insert AFTER INSERT ON "reference" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_passages();
--> statement-breakpoint
CREATE TRIGGER reference_search_update AFTER UPDATE ON "reference"
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
  EXECUTE FUNCTION search_passages();
--> statement-breakpoint
CREATE TRIGGER reference_search_delete AFTER DELETE ON "reference" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_passages();
