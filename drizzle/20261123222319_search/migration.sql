-- Similar names, for slips that are more than one letter.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
-- What a folded name can be found by: its words; `^` and the first letter of each; `=` and two
-- neighbours written as one; and `~` with each word less one of its letters, which finds a word
-- that differs in one letter, as the words of a query lose one letter each, too (after
-- "Symmetric Delete" spelling correction by Wolf Garbe, 2012).
CREATE FUNCTION name_lexemes(folded text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  word text;
  previous text := '';
  found text := '';
BEGIN
  FOREACH word IN ARRAY string_to_array(left(folded, 500), ' ') LOOP
    word := left(word, 64);
    CONTINUE WHEN word = '';
    found := found || ' ' || word || ' ^' || left(word, 1);
    IF previous <> '' THEN found := found || ' =' || previous || word; END IF;
    IF length(word) >= 3 THEN
      FOR i IN 1 .. length(word) LOOP
        found := found || ' ~' || left(word, i - 1) || substr(word, i + 1);
      END LOOP;
    END IF;
    previous := word;
  END LOOP;
  RETURN array_to_tsvector(string_to_array(substr(found, 2), ' '));
END $$;
--> statement-breakpoint
-- A text for search: without accents, in small letters beyond ASCII, too (whatever the
-- database's locale makes of those), and with each Chinese, Japanese or Korean character a word,
-- as these are written without spaces.
CREATE FUNCTION search_fold(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN octet_length(given) = length(given) THEN given ELSE
  regexp_replace(
    replace(replace(replace(replace(
      translate(
        regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g'),
        'łŁøØđĐðÐıħĦŧŦΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏҐ',
        'llooddddihhttαβγδεζηθικλμνξοπρστυφχψωσабвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґ'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
    '([\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g')
END;
--> statement-breakpoint
-- PostgreSQL's name for the rules of a language, `simple` where it has none.
CREATE FUNCTION search_config(language text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE split_part(lower(language), '-', 1)
  WHEN 'ar' THEN 'arabic' WHEN 'hy' THEN 'armenian' WHEN 'eu' THEN 'basque' WHEN 'ca' THEN 'catalan'
  WHEN 'da' THEN 'danish' WHEN 'nl' THEN 'dutch' WHEN 'en' THEN 'english' WHEN 'fi' THEN 'finnish'
  WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german' WHEN 'el' THEN 'greek' WHEN 'hi' THEN 'hindi'
  WHEN 'hu' THEN 'hungarian' WHEN 'id' THEN 'indonesian' WHEN 'ga' THEN 'irish' WHEN 'it' THEN 'italian'
  WHEN 'lt' THEN 'lithuanian' WHEN 'ne' THEN 'nepali' WHEN 'no' THEN 'norwegian' WHEN 'nb' THEN 'norwegian'
  WHEN 'nn' THEN 'norwegian' WHEN 'pt' THEN 'portuguese' WHEN 'ro' THEN 'romanian' WHEN 'ru' THEN 'russian'
  WHEN 'sr' THEN 'serbian' WHEN 'es' THEN 'spanish' WHEN 'sv' THEN 'swedish' WHEN 'ta' THEN 'tamil'
  WHEN 'tr' THEN 'turkish' WHEN 'yi' THEN 'yiddish' ELSE 'simple' END;
--> statement-breakpoint
-- The words of a text; A to D tell how much they weigh.
CREATE FUNCTION search_words(config text, given text, weight "char") RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE
RETURN setweight(to_tsvector(config::regconfig, search_fold(coalesce(given, ''))), weight);
--> statement-breakpoint
-- The word that stands for an entity in the records that are linked to it, whatever its name.
CREATE FUNCTION search_entity(id uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN '@' || replace(id::text, '-', '');
--> statement-breakpoint
CREATE TYPE "search_type" AS ENUM('ARTICLE', 'STATEMENT', 'ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE');--> statement-breakpoint
CREATE TABLE "search_document" (
	"id" uuid PRIMARY KEY,
	"type" "search_type" NOT NULL,
	"date" date NOT NULL,
	"organization_id" uuid,
	"config" text NOT NULL,
	"live" boolean NOT NULL,
	"words" tsvector NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_name" (
	"entity_id" uuid,
	"type" "entity_type" NOT NULL,
	"name" text NOT NULL,
	"sort_name" text collate "C",
	"kind" "name_kind",
	"former" boolean NOT NULL,
	"live" boolean NOT NULL,
	"prominence" smallint DEFAULT 0 NOT NULL,
	"lexemes" tsvector GENERATED ALWAYS AS (name_lexemes(sort_name)) STORED NOT NULL,
	CONSTRAINT "search_name_pkey" PRIMARY KEY("entity_id","sort_name")
);
--> statement-breakpoint
CREATE INDEX "search_document_text_index" ON "search_document" USING gin ("words") WHERE live and type in ('ARTICLE', 'STATEMENT');--> statement-breakpoint
CREATE INDEX "search_document_entity_index" ON "search_document" USING gin ("words") WHERE live and type not in ('ARTICLE', 'STATEMENT');--> statement-breakpoint
CREATE INDEX "search_document_date_index" ON "search_document" ("date","id") WHERE live and type in ('ARTICLE', 'STATEMENT');--> statement-breakpoint
CREATE INDEX "search_document_config_index" ON "search_document" ("config");--> statement-breakpoint
CREATE INDEX "search_name_lexemes_index" ON "search_name" USING gin ("lexemes") WHERE live;--> statement-breakpoint
CREATE INDEX "search_name_trigram_index" ON "search_name" USING gin ("sort_name" gin_trgm_ops) WHERE live;--> statement-breakpoint
CREATE INDEX "search_name_prominence_index" ON "search_name" ("prominence","entity_id","sort_name","type") WHERE live;
--> statement-breakpoint
CREATE FUNCTION refresh_search_names(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  WITH given AS (
    SELECT e.id, e.type, e.name, e.sort_name, NULL::name_kind AS kind, false AS former, e.live
      FROM entity e WHERE e.id = ANY (ids)
    UNION ALL
    SELECT e.id, e.type, n.name, n.sort_name, n.kind, n.kind = 'FORMER' OR n."end" IS NOT NULL, e.live
      FROM entity_name n JOIN entity e ON e.id = n.entity_id WHERE n.entity_id = ANY (ids)),
  wanted AS (
    SELECT DISTINCT ON (id, sort_name) * FROM given WHERE sort_name <> ''
    ORDER BY id, sort_name, kind IS NOT NULL, former, kind, name),
  gone AS (
    DELETE FROM search_name s WHERE s.entity_id = ANY (ids)
      AND NOT EXISTS (SELECT FROM wanted w WHERE w.id = s.entity_id AND w.sort_name = s.sort_name))
  INSERT INTO search_name AS s (entity_id, type, name, sort_name, kind, former, live, prominence)
  SELECT w.*, coalesce((SELECT max(o.prominence) FROM search_name o WHERE o.entity_id = w.id), 0) FROM wanted w
  ON CONFLICT (entity_id, sort_name) DO UPDATE SET
    type = excluded.type, name = excluded.name, kind = excluded.kind, former = excluded.former, live = excluded.live
  WHERE (s.type, s.name, s.kind, s.former, s.live)
    IS DISTINCT FROM (excluded.type, excluded.name, excluded.kind, excluded.former, excluded.live)
$$;
--> statement-breakpoint
CREATE FUNCTION refresh_search_statements(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_document AS old (id, type, date, organization_id, config, live, words)
  SELECT s.id, 'STATEMENT', s.said_sort, a.publisher_id, c.config, s.live,
    (SELECT string_agg(search_entity(link.id) || link.weight, ' ')::tsvector FROM (
        SELECT s.speaker_id, ':1A' UNION ALL SELECT s.on_behalf_of_id, ':1B' WHERE s.on_behalf_of_id IS NOT NULL
        UNION ALL SELECT s.reported_by_id, ':1C' WHERE s.reported_by_id IS NOT NULL
        UNION ALL SELECT s.place_id, ':1C' WHERE s.place_id IS NOT NULL
        UNION ALL SELECT entity_id, ':1A' FROM statement_subject WHERE statement_id = s.id
        UNION ALL SELECT entity_id, ':1B' FROM statement_audience WHERE statement_id = s.id) link (id, weight))
      || search_words(c.config, s.text, 'B') || search_words(c.config, s.occasion, 'C')
  FROM statement s JOIN article a ON a.id = s.article_id,
    LATERAL (SELECT search_config(coalesce(s.language, a.language))) c (config)
  WHERE s.id = ANY (ids)
  ON CONFLICT (id) DO UPDATE SET date = excluded.date, organization_id = excluded.organization_id,
    config = excluded.config, live = excluded.live, words = excluded.words
  WHERE old IS DISTINCT FROM excluded
$$;
--> statement-breakpoint
CREATE FUNCTION refresh_search_articles(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_document AS old (id, type, date, organization_id, config, live, words)
  SELECT a.id, 'ARTICLE', a.published_sort, a.publisher_id, c.config, a.live,
    coalesce((SELECT string_agg(search_entity(m.entity_id) || ':1B', ' ')::tsvector FROM mention m WHERE m.article_id = a.id), '')
      || coalesce((search_entity(a.publisher_id) || ':1C')::tsvector, '')
      || search_words(c.config, a.title, 'A') || search_words(c.config, a.byline, 'C')
      || search_words(c.config, left(b.text, 100000), 'D')
  FROM article a LEFT JOIN article_body b ON b.article_id = a.id,
    LATERAL (SELECT search_config(a.language)) c (config)
  WHERE a.id = ANY (ids)
  ON CONFLICT (id) DO UPDATE SET date = excluded.date, organization_id = excluded.organization_id,
    config = excluded.config, live = excluded.live, words = excluded.words
  WHERE old IS DISTINCT FROM excluded
$$;
--> statement-breakpoint
-- An entity is found by its names; what else is told of it joins them: a liaison office of NATO,
-- a person who was ambassador.
CREATE FUNCTION refresh_search_entities(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  -- The next statement then sees what another writer told of them while this one waited.
  SELECT FROM entity WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  INSERT INTO search_document AS old (id, type, date, organization_id, config, live, words)
  SELECT e.id, e.type::text::search_type, '-infinity', o.organization_id, 'english', e.live,
    (SELECT string_agg(search_entity(link.id) || link.weight, ' ')::tsvector FROM (
        SELECT e.id, ':1A' UNION ALL SELECT o.organization_id, ':1B' WHERE o.organization_id IS NOT NULL
        UNION ALL SELECT o.place_id, ':1B' WHERE o.place_id IS NOT NULL
        UNION ALL SELECT o.accredited_to_id, ':1B' WHERE o.accredited_to_id IS NOT NULL
        UNION ALL SELECT x.accredited_to_id, ':1C' FROM office_accreditation x WHERE x.office_id = o.id
        UNION ALL SELECT p.organization_id, ':1C' FROM position p WHERE p.person_id = e.id AND p.live) link (id, weight))
      || search_words('english', replace(o.kind::text, '_', ' '), 'B')
      || search_words('english', (SELECT string_agg(DISTINCT p.title, ' ') FROM position p WHERE p.person_id = e.id AND p.live), 'C')
      || search_words('english', e.description, 'C')
  FROM entity e LEFT JOIN office o ON o.id = e.id
  WHERE e.id = ANY (ids)
  ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id,
    live = excluded.live, words = excluded.words
  WHERE old IS DISTINCT FROM excluded
$$;
--> statement-breakpoint
-- How much is told of entities, in quarters of a power of two; past 1,023 of a kind it is not
-- counted on.
CREATE FUNCTION refresh_prominence(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  UPDATE search_name s SET prominence = used.prominence
  FROM (
    SELECT e.id, round(4 * log(2, 1 + (
      (SELECT count(*) FROM (SELECT FROM mention m WHERE m.entity_id = e.id AND m.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM statement_subject x WHERE x.entity_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM statement x WHERE x.speaker_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM position x WHERE x.person_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM position x WHERE x.organization_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.organization_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.place_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.accredited_to_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM place x WHERE x.within_id = e.id AND x.live LIMIT 1023) t)
    )::numeric))::smallint AS prominence
    FROM unnest(ids) e (id)) used
  WHERE s.entity_id = used.id AND s.prominence <> used.prominence
$$;
--> statement-breakpoint
-- Refreshes what search knows of records that changed. A trigger's arguments: what they are, the
-- column with their key, and the columns of which one has to differ for an update to matter.
--
-- A writer of whole records sets chancery.search to 'later', writes them with all their parts and
-- then calls refresh_search, so that each is indexed once.
CREATE FUNCTION search_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
  differ text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF current_setting('chancery.search', true) = 'later' THEN RETURN NULL; END IF;
    EXECUTE format('SELECT array_agg(DISTINCT %I) FROM new_rows', TG_ARGV[1]) INTO ids;
  ELSIF TG_OP = 'DELETE' THEN
    EXECUTE format('SELECT array_agg(DISTINCT %I) FROM old_rows', TG_ARGV[1]) INTO ids;
  ELSE
    -- In both ways: a row may have gone to another record.
    EXECUTE format(
      'SELECT array_agg(DISTINCT id) FROM (
         (SELECT %1$I, %2$s FROM old_rows EXCEPT SELECT %1$I, %2$s FROM new_rows)
         UNION ALL
         (SELECT %1$I, %2$s FROM new_rows EXCEPT SELECT %1$I, %2$s FROM old_rows)) d (id)',
      TG_ARGV[1], TG_ARGV[2]) INTO ids;
  END IF;
  IF ids IS NULL THEN RETURN NULL; END IF;
  CASE TG_ARGV[0]
    WHEN 'entities' THEN
      PERFORM refresh_search_names(ids);
      PERFORM refresh_search_entities(ids);
    WHEN 'names' THEN PERFORM refresh_search_names(ids);
    WHEN 'documents' THEN PERFORM refresh_search_entities(ids);
    WHEN 'articles' THEN
      PERFORM refresh_search_articles(ids);
      -- Its publisher and language are those of its statements.
      IF TG_TABLE_NAME = 'article' AND TG_OP = 'UPDATE' THEN
        PERFORM refresh_search_statements(ARRAY(SELECT id FROM statement WHERE article_id = ANY (ids)));
      END IF;
    WHEN 'statements' THEN PERFORM refresh_search_statements(ids);
  END CASE;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- What a writer calls at the end of its transaction, with the keys of all records that it wrote.
-- Without `ranks`, prominence is left to somebody who refreshes that of all entities at once.
CREATE FUNCTION refresh_search(entities uuid[], articles uuid[], statements uuid[], positions uuid[], ranks boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF entities <> '{}' THEN PERFORM refresh_search_names(entities); END IF;
  IF entities <> '{}' OR positions <> '{}' THEN
    PERFORM refresh_search_entities(entities || ARRAY(SELECT person_id FROM position WHERE id = ANY (positions)));
  END IF;
  IF articles <> '{}' THEN PERFORM refresh_search_articles(articles); END IF;
  IF statements <> '{}' THEN PERFORM refresh_search_statements(statements); END IF;
  IF ranks THEN
    PERFORM refresh_prominence(ARRAY(
      SELECT speaker_id FROM statement WHERE id = ANY (statements)
      UNION SELECT entity_id FROM statement_subject WHERE statement_id = ANY (statements)
      UNION SELECT entity_id FROM mention WHERE article_id = ANY (articles)
      UNION SELECT unnest(ARRAY[person_id, organization_id]) FROM position WHERE id = ANY (positions)
      UNION SELECT unnest(ARRAY[organization_id, place_id, accredited_to_id]) FROM office WHERE id = ANY (entities)
      UNION SELECT within_id FROM place WHERE id = ANY (entities)));
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION search_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_document WHERE id IN (SELECT id FROM old_rows);
  DELETE FROM search_name WHERE entity_id IN (SELECT id FROM old_rows);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER entity_search_insert AFTER INSERT ON "entity" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('entities', 'id');
--> statement-breakpoint
CREATE TRIGGER entity_search_update AFTER UPDATE ON "entity" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('entities', 'id', 'name, sort_name, type, live, description');
--> statement-breakpoint
CREATE TRIGGER entity_search_delete AFTER DELETE ON "entity" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_forgets();
--> statement-breakpoint
CREATE TRIGGER entity_name_search_insert AFTER INSERT ON "entity_name" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('names', 'entity_id');
--> statement-breakpoint
CREATE TRIGGER entity_name_search_update AFTER UPDATE ON "entity_name" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('names', 'entity_id', 'name, sort_name, kind, "end"');
--> statement-breakpoint
CREATE TRIGGER entity_name_search_delete AFTER DELETE ON "entity_name" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('names', 'entity_id');
--> statement-breakpoint
CREATE TRIGGER office_search_insert AFTER INSERT ON "office" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'id');
--> statement-breakpoint
CREATE TRIGGER office_search_update AFTER UPDATE ON "office" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'id', 'organization_id, place_id, accredited_to_id, kind');
--> statement-breakpoint
CREATE TRIGGER office_search_delete AFTER DELETE ON "office" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'id');
--> statement-breakpoint
CREATE TRIGGER office_accreditation_search_insert AFTER INSERT ON "office_accreditation" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'office_id');
--> statement-breakpoint
CREATE TRIGGER office_accreditation_search_update AFTER UPDATE ON "office_accreditation" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'office_id', 'accredited_to_id');
--> statement-breakpoint
CREATE TRIGGER office_accreditation_search_delete AFTER DELETE ON "office_accreditation" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'office_id');
--> statement-breakpoint
CREATE TRIGGER position_search_insert AFTER INSERT ON "position" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'person_id');
--> statement-breakpoint
CREATE TRIGGER position_search_update AFTER UPDATE ON "position" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'person_id', 'organization_id, title, live');
--> statement-breakpoint
CREATE TRIGGER position_search_delete AFTER DELETE ON "position" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('documents', 'person_id');
--> statement-breakpoint
CREATE TRIGGER article_search_insert AFTER INSERT ON "article" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('articles', 'id');
--> statement-breakpoint
CREATE TRIGGER article_search_update AFTER UPDATE ON "article" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('articles', 'id', 'title, byline, publisher_id, language, published_on, live');
--> statement-breakpoint
CREATE TRIGGER article_search_delete AFTER DELETE ON "article" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_forgets();
--> statement-breakpoint
CREATE TRIGGER article_body_search_insert AFTER INSERT ON "article_body" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('articles', 'article_id');
--> statement-breakpoint
CREATE TRIGGER article_body_search_update AFTER UPDATE ON "article_body" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('articles', 'article_id', 'text');
--> statement-breakpoint
CREATE TRIGGER article_body_search_delete AFTER DELETE ON "article_body" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('articles', 'article_id');
--> statement-breakpoint
CREATE TRIGGER mention_search_insert AFTER INSERT ON "mention" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('articles', 'article_id');
--> statement-breakpoint
CREATE TRIGGER mention_search_update AFTER UPDATE ON "mention" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('articles', 'article_id', 'entity_id');
--> statement-breakpoint
CREATE TRIGGER mention_search_delete AFTER DELETE ON "mention" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('articles', 'article_id');
--> statement-breakpoint
CREATE TRIGGER statement_search_insert AFTER INSERT ON "statement" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('statements', 'id');
--> statement-breakpoint
CREATE TRIGGER statement_search_update AFTER UPDATE ON "statement" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('statements', 'id', 'text, occasion, language, speaker_id, on_behalf_of_id, reported_by_id, place_id, said_on, live');
--> statement-breakpoint
CREATE TRIGGER statement_search_delete AFTER DELETE ON "statement" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_forgets();
--> statement-breakpoint
CREATE TRIGGER statement_subject_search_insert AFTER INSERT ON "statement_subject" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('statements', 'statement_id');
--> statement-breakpoint
CREATE TRIGGER statement_subject_search_update AFTER UPDATE ON "statement_subject" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('statements', 'statement_id', 'entity_id');
--> statement-breakpoint
CREATE TRIGGER statement_subject_search_delete AFTER DELETE ON "statement_subject" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('statements', 'statement_id');
--> statement-breakpoint
CREATE TRIGGER statement_audience_search_insert AFTER INSERT ON "statement_audience" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('statements', 'statement_id');
--> statement-breakpoint
CREATE TRIGGER statement_audience_search_update AFTER UPDATE ON "statement_audience" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('statements', 'statement_id', 'entity_id');
--> statement-breakpoint
CREATE TRIGGER statement_audience_search_delete AFTER DELETE ON "statement_audience" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_changes('statements', 'statement_id');
--> statement-breakpoint
-- Names are folded further than before: letters that are none with an accent become plain, too.
UPDATE "entity" SET sort_name = replace(replace(replace(replace(translate(sort_name, 'łøđðıħŧ', 'loddiht'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
  WHERE sort_name ~ '[łøđðıħŧßæœþ]';
--> statement-breakpoint
UPDATE "entity_name" SET sort_name = replace(replace(replace(replace(translate(sort_name, 'łøđðıħŧ', 'loddiht'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
  WHERE sort_name ~ '[łøđðıħŧßæœþ]';
--> statement-breakpoint
UPDATE "article" SET sort_title = replace(replace(replace(replace(translate(sort_title, 'łøđðıħŧ', 'loddiht'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
  WHERE sort_title ~ '[łøđðıħŧßæœþ]';
--> statement-breakpoint
-- What search knows of the records that were there before it.
SELECT refresh_search_names(ARRAY(SELECT id FROM entity));
--> statement-breakpoint
SELECT refresh_search_entities(ARRAY(SELECT id FROM entity));
--> statement-breakpoint
SELECT refresh_search_articles(ARRAY(SELECT id FROM article));
--> statement-breakpoint
SELECT refresh_search_statements(ARRAY(SELECT id FROM statement));
--> statement-breakpoint
SELECT refresh_prominence(ARRAY(SELECT id FROM entity));
