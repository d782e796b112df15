-- Equality of ids inside GiST indexes: an office has one status at a time.
CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
-- Dates
--
-- A date is a text: an EDTF date that may lack its day or month ('2023', '2023-05', '2023-05-03'),
-- an interval of which one day is meant ('[1949..1951]', '[..1950]', '[1950..]'), or '..' for the
-- open side of a period. Generated columns turn it into days, so the functions come before the tables.
-- Inside plpgsql, functions are named with their schema: indexes are built with an empty search_path.

-- The days that an interval can mean. A side that is left out is unbounded.
CREATE FUNCTION date_interval_range(given text) RETURNS daterange
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  ends text[] := string_to_array(btrim(given, '[]'), '..');
BEGIN
  IF given NOT LIKE '%..%' OR length(ends[1]) NOT IN (0, 4, 7, 10) OR length(ends[2]) NOT IN (0, 4, 7, 10) THEN
    RAISE EXCEPTION '% is not a date', given USING ERRCODE = 'invalid_datetime_format';
  END IF;
  RETURN daterange(
    lower(public.partial_date_range(nullif(ends[1], ''))),
    upper(public.partial_date_range(nullif(ends[2], ''))));
END $$;
--> statement-breakpoint
-- The days that a date can mean: '2023-05' is every day of that month.
CREATE FUNCTION partial_date_range(given text) RETURNS daterange
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
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
  ELSE date_interval_range(given)
END;
--> statement-breakpoint
CREATE DOMAIN partial_date AS text
  CONSTRAINT partial_date_form CHECK (value ~ '^(\d{4}(-\d{2}(-\d{2})?)?|\[\.\.\d{4}(-\d{2}(-\d{2})?)?\]|\[\d{4}(-\d{2}(-\d{2})?)?\.\.(\d{4}(-\d{2}(-\d{2})?)?)?\]|\.\.)$')
  CONSTRAINT partial_date_exists CHECK (value IS NULL OR partial_date_range(value) IS NOT NULL);
--> statement-breakpoint
-- The first day that a date can mean, for sorting. An undated row sorts as the oldest.
CREATE FUNCTION partial_date_floor(given text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(lower(partial_date_range(given)), '-infinity'::date);
--> statement-breakpoint
-- Every day on which something may have held. An open end is unbounded; an end before the start
-- is an error, even if it is only one day before.
CREATE FUNCTION possible_period(start_given text, end_given text) RETURNS daterange
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN daterange(
  lower(partial_date_range(start_given)),
  upper(partial_date_range(end_given)) - 1,
  '[]');
--> statement-breakpoint
-- For exclusion constraints: the days on which something certainly held, where a missing or open
-- end counts as open. A bound with one side ('[..1950]' as an end, '[1950..]' as a start) gives no
-- certain day.
CREATE FUNCTION certain_period(start_given text, end_given text) RETURNS daterange
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  latest_start date := upper(public.partial_date_range(start_given)) - 1;
  earliest_end date := lower(public.partial_date_range(end_given));
BEGIN
  IF right(start_given, 3) = '..]' OR left(end_given, 3) = '[..' OR latest_start > earliest_end THEN
    RETURN 'empty';
  END IF;
  RETURN daterange(latest_start, earliest_end);
END $$;
--> statement-breakpoint
-- For "as of": the days from the last on which something can have begun to the first on which it
-- can have ended; it certainly held on each of them. Where these two are the other way round
-- ('2023' to '2023'), the days between, on some of which it held. Empty where one is not known.
CREATE FUNCTION certain_span(start_given text, end_given text) RETURNS daterange
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  starts daterange := public.partial_date_range(start_given);
  ends daterange := public.partial_date_range(end_given);
  latest_start date := least(
    CASE start_given WHEN '..' THEN '-infinity' ELSE coalesce(upper(starts) - 1, 'infinity') END,
    coalesce(upper(ends) - 1, 'infinity'));
  earliest_end date := greatest(
    CASE end_given WHEN '..' THEN 'infinity' ELSE coalesce(lower(ends), '-infinity') END,
    coalesce(lower(starts), '-infinity'));
BEGIN
  IF latest_start <= earliest_end THEN
    RETURN daterange(nullif(latest_start, '-infinity'), nullif(earliest_end, 'infinity'), '[]');
  ELSIF isfinite(latest_start) AND isfinite(earliest_end) THEN
    RETURN daterange(earliest_end, latest_start, '[]');
  END IF;
  RETURN 'empty';
END $$;
--> statement-breakpoint
-- Whether it held on each of the days of its certain_span.
CREATE FUNCTION certain_throughout(start_given text, end_given text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  starts daterange;
  ends daterange;
BEGIN
  IF start_given IS NULL OR end_given IS NULL THEN
    -- An event with one date lasts no longer than that: throughout only if it is one day.
    RETURN coalesce(length(coalesce(start_given, end_given)) = 10, false);
  END IF;
  -- Two different years decide it for most rows, at a tenth of the cost.
  IF left(start_given, 1) BETWEEN '0' AND '9' AND left(end_given, 1) BETWEEN '0' AND '9'
    AND left(start_given, 4)::int < left(end_given, 4)::int THEN
    RETURN true;
  END IF;
  starts := public.partial_date_range(start_given);
  ends := public.partial_date_range(end_given);
  RETURN least(
      CASE start_given WHEN '..' THEN '-infinity' ELSE coalesce(upper(starts) - 1, 'infinity') END,
      coalesce(upper(ends) - 1, 'infinity'))
    <= greatest(
      CASE end_given WHEN '..' THEN 'infinity' ELSE coalesce(lower(ends), '-infinity') END,
      coalesce(lower(starts), '-infinity'));
END $$;
--> statement-breakpoint
-- Tables, as drizzle-kit generates them from src/database/tables.

CREATE TYPE "publication_status" AS ENUM('DRAFT', 'PUBLISHED');--> statement-breakpoint
CREATE TYPE "role" AS ENUM('READER', 'EDITOR', 'ADMIN');--> statement-breakpoint
CREATE TYPE "entity_type" AS ENUM('ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE');--> statement-breakpoint
CREATE TYPE "name_kind" AS ENUM('OFFICIAL', 'ALTERNATIVE', 'SHORT', 'ACRONYM', 'FORMER', 'TRANSLATION', 'TRANSLITERATION');--> statement-breakpoint
CREATE TYPE "erasure_reason" AS ENUM('PERSONAL_DATA', 'COURT_ORDER', 'COPYRIGHT', 'SECURITY', 'ERROR', 'OTHER');--> statement-breakpoint
CREATE TYPE "record_type" AS ENUM('ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE', 'ARTICLE', 'EVENT', 'POSITION', 'MEMBERSHIP', 'STATEMENT');--> statement-breakpoint
CREATE TYPE "event_kind" AS ENUM('SUMMIT', 'MEETING', 'CONFERENCE', 'PRESS_CONFERENCE', 'VISIT', 'VOTE', 'SIGNING', 'OTHER');--> statement-breakpoint
CREATE TYPE "membership_role" AS ENUM('MEMBER', 'ASSOCIATE', 'PARTNER', 'OBSERVER', 'CANDIDATE', 'OTHER');--> statement-breakpoint
CREATE TYPE "office_kind" AS ENUM('HEADQUARTERS', 'LIAISON', 'REGIONAL', 'EMBASSY', 'HIGH_COMMISSION', 'NUNCIATURE', 'CONSULATE', 'CONSULATE_GENERAL', 'HONORARY_CONSULATE', 'MISSION', 'REPRESENTATIVE', 'FIELD', 'DISTRICT', 'OTHER');--> statement-breakpoint
CREATE TYPE "office_status_value" AS ENUM('PROPOSED', 'PLANNED', 'OPEN', 'SUSPENDED', 'CLOSED');--> statement-breakpoint
CREATE TYPE "organization_kind" AS ENUM('ALLIANCE', 'INTERNATIONAL_ORGANIZATION', 'STATE', 'GOVERNMENT', 'MINISTRY', 'LEGISLATURE', 'COMMITTEE', 'COURT', 'PARTY', 'COMPANY', 'NEWS_MEDIUM', 'PROGRAMME', 'NON_GOVERNMENTAL', 'OTHER');--> statement-breakpoint
CREATE TYPE "place_kind" AS ENUM('COUNTRY', 'REGION', 'CITY', 'SITE');--> statement-breakpoint
CREATE TYPE "position_kind" AS ENUM('HEAD_OF_STATE', 'HEAD_OF_GOVERNMENT', 'HEAD_OF_ORGANIZATION', 'MINISTER', 'AMBASSADOR', 'LEGISLATOR', 'JUDGE', 'SPOKESPERSON', 'OFFICIAL', 'OTHER');--> statement-breakpoint
CREATE TYPE "revision_action" AS ENUM('CREATE', 'UPDATE', 'DELETE', 'RESTORE', 'PUBLISH', 'MERGE', 'REVERT', 'ERASE');--> statement-breakpoint
CREATE TYPE "statement_kind" AS ENUM('DIRECT', 'INDIRECT', 'MIXED');--> statement-breakpoint
CREATE TABLE "api_key" (
	"id" uuid PRIMARY KEY,
	"name" text NOT NULL,
	"role" "role" NOT NULL,
	"hash" text NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "api_key_name_check" CHECK (name <> '' and length(name) <= 200)
);
--> statement-breakpoint
CREATE TABLE "article" (
	"id" uuid PRIMARY KEY,
	"slug" text NOT NULL UNIQUE,
	"title" text NOT NULL,
	"sort_title" text collate "C" NOT NULL,
	"byline" text,
	"publisher_id" uuid,
	"language" text,
	"url" text,
	"published_on" partial_date,
	"published_sort" date GENERATED ALWAYS AS (partial_date_floor("published_on")) STORED NOT NULL,
	"published_during" daterange GENERATED ALWAYS AS (possible_period(published_on, published_on)) STORED NOT NULL,
	"body_hash" text,
	"status" "publication_status" DEFAULT 'PUBLISHED'::"publication_status" NOT NULL,
	"deleted_at" timestamp with time zone,
	"deletion_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"live" boolean GENERATED ALWAYS AS (status = 'PUBLISHED' and deleted_at is null and merged_into_id is null) STORED NOT NULL,
	"merged_into_id" uuid,
	CONSTRAINT "article_live_key" UNIQUE("id","live"),
	CONSTRAINT "article_list_key" UNIQUE("id","published_sort","live"),
	CONSTRAINT "article_slug_check" CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
--> statement-breakpoint
CREATE TABLE "article_body" (
	"article_id" uuid PRIMARY KEY,
	"text" text NOT NULL,
	"fetched_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entity" (
	"id" uuid PRIMARY KEY,
	"type" "entity_type" NOT NULL,
	"slug" text NOT NULL UNIQUE,
	"name" text NOT NULL,
	"sort_name" text collate "C" NOT NULL,
	"description" text,
	"urls" text[] DEFAULT '{}'::text[] NOT NULL,
	"status" "publication_status" DEFAULT 'PUBLISHED'::"publication_status" NOT NULL,
	"deleted_at" timestamp with time zone,
	"deletion_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"live" boolean GENERATED ALWAYS AS (status = 'PUBLISHED' and deleted_at is null and merged_into_id is null) STORED NOT NULL,
	"merged_into_id" uuid,
	CONSTRAINT "entity_list_key" UNIQUE("id","type","sort_name","live"),
	CONSTRAINT "entity_live_key" UNIQUE("id","live"),
	CONSTRAINT "entity_slug_check" CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
--> statement-breakpoint
CREATE TABLE "entity_identifier" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"entity_id" uuid NOT NULL,
	"scheme" text NOT NULL,
	"value" text NOT NULL,
	"source" text,
	"entity_type" "entity_type",
	CONSTRAINT "entity_identifier_key" UNIQUE NULLS NOT DISTINCT("scheme","value","source","entity_type"),
	CONSTRAINT "entity_identifier_source_check" CHECK ((source is null) = (entity_type is null))
);
--> statement-breakpoint
CREATE TABLE "entity_name" (
	"id" uuid PRIMARY KEY,
	"entity_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sort_name" text collate "C" NOT NULL,
	"language" text,
	"kind" "name_kind" DEFAULT 'ALTERNATIVE'::"name_kind" NOT NULL,
	"start" partial_date,
	"end" partial_date,
	"during" daterange GENERATED ALWAYS AS (possible_period(start, "end")) STORED NOT NULL,
	"held" daterange GENERATED ALWAYS AS (certain_span(start, "end")) STORED NOT NULL,
	"held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(start, "end")) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "erased_key" (
	"erasure_id" uuid,
	"salt" text,
	"hash" text,
	CONSTRAINT "erased_key_pkey" PRIMARY KEY("hash","salt","erasure_id")
);
--> statement-breakpoint
CREATE TABLE "erasure" (
	"id" uuid PRIMARY KEY,
	"record_id" uuid NOT NULL,
	"type" "record_type" NOT NULL,
	"reason" "erasure_reason" NOT NULL,
	"field" text,
	"change_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"was_public" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event" (
	"id" uuid PRIMARY KEY,
	"slug" text NOT NULL UNIQUE,
	"name" text NOT NULL,
	"kind" "event_kind" NOT NULL,
	"description" text,
	"place_id" uuid,
	"start" partial_date,
	"end" partial_date,
	"start_sort" date GENERATED ALWAYS AS (partial_date_floor(coalesce(start, "end"))) STORED NOT NULL,
	"during" daterange GENERATED ALWAYS AS (possible_period(coalesce(start, "end"), coalesce("end", start))) STORED NOT NULL,
	"held" daterange GENERATED ALWAYS AS (certain_span(coalesce(start, "end"), coalesce("end", start))) STORED NOT NULL,
	"held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(coalesce(start, "end"), coalesce("end", start))) STORED NOT NULL,
	"status" "publication_status" DEFAULT 'PUBLISHED'::"publication_status" NOT NULL,
	"deleted_at" timestamp with time zone,
	"deletion_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"live" boolean GENERATED ALWAYS AS (status = 'PUBLISHED' and deleted_at is null and merged_into_id is null) STORED NOT NULL,
	"merged_into_id" uuid,
	CONSTRAINT "event_list_key" UNIQUE("id","start_sort","live"),
	CONSTRAINT "event_slug_check" CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
--> statement-breakpoint
CREATE TABLE "event_participant" (
	"event_id" uuid,
	"entity_id" uuid,
	"ordinal" integer NOT NULL,
	"start_sort" date NOT NULL,
	"live" boolean NOT NULL,
	CONSTRAINT "event_participant_pkey" PRIMARY KEY("event_id","entity_id")
);
--> statement-breakpoint
CREATE TABLE "idempotent_request" (
	"actor" text,
	"key" text,
	"fingerprint" text NOT NULL,
	"outcome" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotent_request_pkey" PRIMARY KEY("actor","key"),
	CONSTRAINT "idempotent_request_key_check" CHECK (key <> '' and length(key) <= 200),
	CONSTRAINT "idempotent_request_actor_check" CHECK (actor <> '' and length(actor) <= 1000)
);
--> statement-breakpoint
CREATE TABLE "membership" (
	"id" uuid PRIMARY KEY,
	"member_id" uuid NOT NULL,
	"member_live" boolean DEFAULT true NOT NULL,
	"organization_id" uuid NOT NULL,
	"organization_live" boolean DEFAULT true NOT NULL,
	"role" "membership_role" NOT NULL,
	"start" partial_date,
	"end" partial_date,
	"start_sort" date GENERATED ALWAYS AS (partial_date_floor(start)) STORED NOT NULL,
	"during" daterange GENERATED ALWAYS AS (possible_period(start, "end")) STORED NOT NULL,
	"certain" daterange GENERATED ALWAYS AS (certain_period(start, "end")) STORED NOT NULL,
	"held" daterange GENERATED ALWAYS AS (certain_span(start, "end")) STORED NOT NULL,
	"held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(start, "end")) STORED NOT NULL,
	"status" "publication_status" DEFAULT 'PUBLISHED'::"publication_status" NOT NULL,
	"deleted_at" timestamp with time zone,
	"deletion_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"live" boolean GENERATED ALWAYS AS (status = 'PUBLISHED' and deleted_at is null and member_live and organization_live) STORED NOT NULL,
	CONSTRAINT "membership_member_check" CHECK (member_id <> organization_id)
);
--> statement-breakpoint
CREATE TABLE "mention" (
	"id" uuid PRIMARY KEY,
	"article_id" uuid NOT NULL,
	"article_live" boolean DEFAULT true NOT NULL,
	"entity_id" uuid NOT NULL,
	"entity_live" boolean DEFAULT true NOT NULL,
	"ranges" int4multirange NOT NULL,
	"start" integer GENERATED ALWAYS AS (coalesce(lower(ranges), 0)) STORED NOT NULL,
	"published_sort" date NOT NULL,
	"live" boolean GENERATED ALWAYS AS (article_live and entity_live) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "office" (
	"id" uuid PRIMARY KEY,
	"type" "entity_type" DEFAULT 'OFFICE'::"entity_type" NOT NULL,
	"sort_name" text collate "C" NOT NULL,
	"live" boolean NOT NULL,
	"organization_id" uuid NOT NULL,
	"kind" "office_kind" NOT NULL,
	"current_status" "office_status_value",
	"place_id" uuid,
	"accredited_to_id" uuid,
	"staff_count" integer,
	"address" text,
	"latitude" double precision,
	"longitude" double precision,
	CONSTRAINT "office_type_check" CHECK (type = 'OFFICE'),
	CONSTRAINT "office_staff_count_check" CHECK (staff_count >= 0),
	CONSTRAINT "office_coordinates_check" CHECK ((latitude is null) = (longitude is null)
      and latitude between -90 and 90 and longitude between -180 and 180)
);
--> statement-breakpoint
CREATE TABLE "office_accreditation" (
	"office_id" uuid,
	"accredited_to_id" uuid,
	"ordinal" integer NOT NULL,
	CONSTRAINT "office_accreditation_pkey" PRIMARY KEY("office_id","accredited_to_id")
);
--> statement-breakpoint
CREATE TABLE "office_status" (
	"id" uuid PRIMARY KEY,
	"office_id" uuid NOT NULL,
	"status" "office_status_value" NOT NULL,
	"start" partial_date,
	"end" partial_date,
	"start_sort" date GENERATED ALWAYS AS (partial_date_floor(start)) STORED NOT NULL,
	"during" daterange GENERATED ALWAYS AS (possible_period(start, "end")) STORED NOT NULL,
	"certain" daterange GENERATED ALWAYS AS (certain_period(start, "end")) STORED NOT NULL,
	"held" daterange GENERATED ALWAYS AS (certain_span(start, "end")) STORED NOT NULL,
	"held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(start, "end")) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organization" (
	"id" uuid PRIMARY KEY,
	"type" "entity_type" DEFAULT 'ORGANIZATION'::"entity_type" NOT NULL,
	"sort_name" text collate "C" NOT NULL,
	"live" boolean NOT NULL,
	"kind" "organization_kind" NOT NULL,
	"parent_id" uuid,
	"home_id" uuid,
	CONSTRAINT "organization_live_key" UNIQUE("id","live"),
	CONSTRAINT "organization_type_check" CHECK (type = 'ORGANIZATION'),
	CONSTRAINT "organization_parent_check" CHECK (parent_id <> id)
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" uuid PRIMARY KEY,
	"type" "entity_type" DEFAULT 'PERSON'::"entity_type" NOT NULL,
	"sort_name" text collate "C" NOT NULL,
	"live" boolean NOT NULL,
	"birth_date" partial_date,
	"death_date" partial_date,
	CONSTRAINT "person_live_key" UNIQUE("id","live"),
	CONSTRAINT "person_type_check" CHECK (type = 'PERSON'),
	CONSTRAINT "person_life_check" CHECK (possible_period(birth_date, death_date) is not null)
);
--> statement-breakpoint
CREATE TABLE "place" (
	"id" uuid PRIMARY KEY,
	"type" "entity_type" DEFAULT 'PLACE'::"entity_type" NOT NULL,
	"sort_name" text collate "C" NOT NULL,
	"live" boolean NOT NULL,
	"kind" "place_kind" NOT NULL,
	"within_id" uuid,
	"country_id" uuid,
	"iso_code" text,
	"latitude" double precision,
	"longitude" double precision,
	CONSTRAINT "place_type_check" CHECK (type = 'PLACE'),
	CONSTRAINT "place_within_check" CHECK (within_id <> id),
	CONSTRAINT "place_coordinates_check" CHECK ((latitude is null) = (longitude is null)
      and latitude between -90 and 90 and longitude between -180 and 180)
);
--> statement-breakpoint
CREATE TABLE "position" (
	"id" uuid PRIMARY KEY,
	"person_id" uuid NOT NULL,
	"person_live" boolean DEFAULT true NOT NULL,
	"organization_id" uuid NOT NULL,
	"organization_live" boolean DEFAULT true NOT NULL,
	"title" text NOT NULL,
	"kind" "position_kind" NOT NULL,
	"start" partial_date,
	"end" partial_date,
	"start_sort" date GENERATED ALWAYS AS (partial_date_floor(start)) STORED NOT NULL,
	"during" daterange GENERATED ALWAYS AS (possible_period(start, "end")) STORED NOT NULL,
	"certain" daterange GENERATED ALWAYS AS (certain_period(start, "end")) STORED NOT NULL,
	"held" daterange GENERATED ALWAYS AS (certain_span(start, "end")) STORED NOT NULL,
	"held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(start, "end")) STORED NOT NULL,
	"status" "publication_status" DEFAULT 'PUBLISHED'::"publication_status" NOT NULL,
	"deleted_at" timestamp with time zone,
	"deletion_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"live" boolean GENERATED ALWAYS AS (status = 'PUBLISHED' and deleted_at is null and person_live and organization_live) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reference" (
	"id" uuid PRIMARY KEY,
	"article_id" uuid NOT NULL,
	"article_live" boolean DEFAULT true NOT NULL,
	"entity_id" uuid,
	"office_status_id" uuid,
	"position_id" uuid,
	"membership_id" uuid,
	"event_id" uuid,
	"statement_id" uuid,
	"field" text,
	"exact" text NOT NULL,
	"prefix" text,
	"suffix" text,
	"start" integer,
	"end" integer,
	"verified" boolean NOT NULL,
	"status" "publication_status" DEFAULT 'PUBLISHED'::"publication_status" NOT NULL,
	"deleted_at" timestamp with time zone,
	"deletion_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"live" boolean GENERATED ALWAYS AS (status = 'PUBLISHED' and deleted_at is null and article_live) STORED NOT NULL,
	CONSTRAINT "reference_fact_check" CHECK (num_nonnulls(entity_id, office_status_id, position_id, membership_id, event_id, statement_id) = 1),
	CONSTRAINT "reference_offsets_check" CHECK (case when verified then start >= 0 and "end" > start and start is not null and "end" is not null
        else start is null and "end" is null end)
);
--> statement-breakpoint
CREATE TABLE "revision" (
	"id" uuid PRIMARY KEY,
	"number" integer NOT NULL,
	"change_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"xid" xid8 DEFAULT pg_current_xact_id() NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"identity" text,
	"imported_by" text,
	"action" "revision_action" NOT NULL,
	"reason" text,
	"entity_id" uuid,
	"article_id" uuid,
	"event_id" uuid,
	"position_id" uuid,
	"membership_id" uuid,
	"statement_id" uuid,
	"erasure_id" uuid,
	"changes" jsonb NOT NULL,
	CONSTRAINT "revision_record_check" CHECK (num_nonnulls(entity_id, article_id, event_id, position_id, membership_id, statement_id, erasure_id) = 1),
	CONSTRAINT "revision_actor_check" CHECK (actor <> '' and length(actor) <= 200 and actor !~ '[\u0001-\u001f\u007f-\u009f]'),
	CONSTRAINT "revision_identity_check" CHECK (identity <> '' and length(identity) <= 1000)
);
--> statement-breakpoint
CREATE TABLE "statement" (
	"id" uuid PRIMARY KEY,
	"article_id" uuid NOT NULL,
	"article_live" boolean DEFAULT true NOT NULL,
	"kind" "statement_kind" NOT NULL,
	"text" text NOT NULL,
	"language" text,
	"speaker_id" uuid NOT NULL,
	"speaker_live" boolean DEFAULT true NOT NULL,
	"on_behalf_of_id" uuid,
	"reported_by_id" uuid,
	"place_id" uuid,
	"event_id" uuid,
	"occasion" text,
	"said_on" partial_date,
	"said_sort" date GENERATED ALWAYS AS (partial_date_floor("said_on")) STORED NOT NULL,
	"said_during" daterange GENERATED ALWAYS AS (possible_period(said_on, said_on)) STORED NOT NULL,
	"status" "publication_status" DEFAULT 'PUBLISHED'::"publication_status" NOT NULL,
	"deleted_at" timestamp with time zone,
	"deletion_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"live" boolean GENERATED ALWAYS AS (status = 'PUBLISHED' and deleted_at is null and article_live and speaker_live) STORED NOT NULL,
	CONSTRAINT "statement_list_key" UNIQUE("id","said_sort","live")
);
--> statement-breakpoint
CREATE TABLE "statement_audience" (
	"statement_id" uuid,
	"entity_id" uuid,
	"ordinal" integer NOT NULL,
	CONSTRAINT "statement_audience_pkey" PRIMARY KEY("statement_id","entity_id")
);
--> statement-breakpoint
CREATE TABLE "statement_subject" (
	"statement_id" uuid,
	"entity_id" uuid,
	"ordinal" integer NOT NULL,
	"said_sort" date NOT NULL,
	"live" boolean NOT NULL,
	CONSTRAINT "statement_subject_pkey" PRIMARY KEY("statement_id","entity_id")
);
--> statement-breakpoint
CREATE INDEX "article_merged_into_index" ON "article" ("merged_into_id") WHERE merged_into_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "article_url_key" ON "article" ("url");--> statement-breakpoint
CREATE INDEX "article_published_index" ON "article" ("published_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "article_title_index" ON "article" ("sort_title","id") WHERE live;--> statement-breakpoint
CREATE INDEX "article_publisher_index" ON "article" ("publisher_id","published_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "entity_merged_into_index" ON "entity" ("merged_into_id") WHERE merged_into_id is not null;--> statement-breakpoint
CREATE INDEX "entity_name_index" ON "entity" ("sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "entity_identifier_entity_index" ON "entity_identifier" ("entity_id");--> statement-breakpoint
CREATE UNIQUE INDEX "entity_name_key" ON "entity_name" ("entity_id","name",coalesce(language, ''),"kind",coalesce(start, ''));--> statement-breakpoint
CREATE INDEX "entity_name_sort_name_index" ON "entity_name" ("sort_name");--> statement-breakpoint
CREATE UNIQUE INDEX "erasure_record_key" ON "erasure" ("record_id") WHERE field is null;--> statement-breakpoint
CREATE INDEX "erasure_change_index" ON "erasure" ("change_id");--> statement-breakpoint
CREATE INDEX "event_merged_into_index" ON "event" ("merged_into_id") WHERE merged_into_id is not null;--> statement-breakpoint
CREATE INDEX "event_start_index" ON "event" ("start_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "event_place_index" ON "event" ("place_id","start_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "event_during_index" ON "event" USING gist ("during");--> statement-breakpoint
CREATE INDEX "event_participant_entity_index" ON "event_participant" ("entity_id","start_sort","event_id") WHERE live;--> statement-breakpoint
CREATE INDEX "idempotent_request_at_index" ON "idempotent_request" ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "membership_key" ON "membership" ("member_id","organization_id","role",coalesce(start, ''));--> statement-breakpoint
CREATE INDEX "membership_member_index" ON "membership" ("member_id","start_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "membership_organization_index" ON "membership" ("organization_id","start_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "membership_organization_during_index" ON "membership" USING gist ("organization_id","during","held");--> statement-breakpoint
CREATE UNIQUE INDEX "mention_key" ON "mention" ("article_id","entity_id");--> statement-breakpoint
CREATE INDEX "mention_article_index" ON "mention" ("article_id","start","id") WHERE live;--> statement-breakpoint
CREATE INDEX "mention_entity_article_index" ON "mention" ("entity_id","published_sort","article_id") WHERE live;--> statement-breakpoint
CREATE INDEX "mention_entity_index" ON "mention" ("entity_id","published_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "office_name_index" ON "office" ("sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "office_organization_index" ON "office" ("organization_id","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "office_organization_kind_index" ON "office" ("organization_id","kind","sort_name","id","place_id","accredited_to_id") WHERE live;--> statement-breakpoint
CREATE INDEX "office_place_index" ON "office" ("place_id","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "office_accredited_to_index" ON "office" ("accredited_to_id","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "office_latitude_index" ON "office" ("latitude") WHERE live;--> statement-breakpoint
CREATE INDEX "office_kind_index" ON "office" ("kind","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "office_accreditation_to_index" ON "office_accreditation" ("accredited_to_id");--> statement-breakpoint
CREATE INDEX "office_status_office_index" ON "office_status" ("office_id","start_sort","id");--> statement-breakpoint
CREATE INDEX "office_status_during_index" ON "office_status" USING gist ("office_id","during");--> statement-breakpoint
CREATE INDEX "organization_name_index" ON "organization" ("sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "organization_parent_index" ON "organization" ("parent_id","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "organization_home_index" ON "organization" ("home_id","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "organization_kind_index" ON "organization" ("kind","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "person_name_index" ON "person" ("sort_name","id") WHERE live;--> statement-breakpoint
CREATE UNIQUE INDEX "place_iso_code_key" ON "place" ("iso_code");--> statement-breakpoint
CREATE INDEX "place_name_index" ON "place" ("sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "place_within_index" ON "place" ("within_id","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "place_country_index" ON "place" ("country_id","sort_name","id") WHERE live;--> statement-breakpoint
CREATE INDEX "place_latitude_index" ON "place" ("latitude") WHERE live;--> statement-breakpoint
CREATE INDEX "place_kind_index" ON "place" ("kind","sort_name","id") WHERE live;--> statement-breakpoint
CREATE UNIQUE INDEX "position_key" ON "position" ("person_id","organization_id","title",coalesce(start, ''));--> statement-breakpoint
CREATE INDEX "position_person_index" ON "position" ("person_id","start_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "position_organization_index" ON "position" ("organization_id","start_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "position_organization_during_index" ON "position" USING gist ("organization_id","during","held");--> statement-breakpoint
CREATE UNIQUE INDEX "reference_key" ON "reference" (coalesce(entity_id, office_status_id, position_id, membership_id, event_id, statement_id),"article_id","start",md5(exact),coalesce(field, '')) WHERE verified;--> statement-breakpoint
CREATE INDEX "reference_fact_index" ON "reference" (coalesce(entity_id, office_status_id, position_id, membership_id, event_id, statement_id));--> statement-breakpoint
CREATE INDEX "reference_article_index" ON "reference" ("article_id","id") WHERE live;--> statement-breakpoint
CREATE INDEX "reference_entity_index" ON "reference" ("entity_id","id") WHERE live and entity_id is not null;--> statement-breakpoint
CREATE INDEX "reference_office_status_index" ON "reference" ("office_status_id","id") WHERE live and office_status_id is not null;--> statement-breakpoint
CREATE INDEX "reference_position_index" ON "reference" ("position_id","id") WHERE live and position_id is not null;--> statement-breakpoint
CREATE INDEX "reference_membership_index" ON "reference" ("membership_id","id") WHERE live and membership_id is not null;--> statement-breakpoint
CREATE INDEX "reference_event_index" ON "reference" ("event_id","id") WHERE live and event_id is not null;--> statement-breakpoint
CREATE INDEX "reference_statement_index" ON "reference" ("statement_id","id") WHERE live and statement_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "revision_number_key" ON "revision" (coalesce(entity_id, article_id, event_id, position_id, membership_id, statement_id),"number");--> statement-breakpoint
CREATE INDEX "revision_change_index" ON "revision" ("change_id");--> statement-breakpoint
CREATE INDEX "revision_xid_index" ON "revision" ("xid","id");--> statement-breakpoint
CREATE UNIQUE INDEX "statement_key" ON "statement" ("article_id","speaker_id",md5(text));--> statement-breakpoint
CREATE INDEX "statement_said_index" ON "statement" ("said_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "statement_article_index" ON "statement" ("article_id","id") WHERE live;--> statement-breakpoint
CREATE INDEX "statement_speaker_index" ON "statement" ("speaker_id","said_sort","id") WHERE live;--> statement-breakpoint
CREATE INDEX "statement_on_behalf_of_index" ON "statement" ("on_behalf_of_id","said_sort","id") WHERE live and on_behalf_of_id is not null;--> statement-breakpoint
CREATE INDEX "statement_reported_by_index" ON "statement" ("reported_by_id","said_sort","id") WHERE live and reported_by_id is not null;--> statement-breakpoint
CREATE INDEX "statement_event_index" ON "statement" ("event_id","said_sort","id") WHERE live and event_id is not null;--> statement-breakpoint
CREATE INDEX "statement_place_index" ON "statement" ("place_id","said_sort","id") WHERE live and place_id is not null;--> statement-breakpoint
CREATE INDEX "statement_audience_entity_index" ON "statement_audience" ("entity_id");--> statement-breakpoint
CREATE INDEX "statement_subject_entity_index" ON "statement_subject" ("entity_id","said_sort","statement_id") WHERE live;--> statement-breakpoint
ALTER TABLE "article" ADD CONSTRAINT "article_publisher_id_organization_id_fkey" FOREIGN KEY ("publisher_id") REFERENCES "organization"("id");--> statement-breakpoint
ALTER TABLE "article" ADD CONSTRAINT "article_merged_into_id_article_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "article"("id");--> statement-breakpoint
ALTER TABLE "article_body" ADD CONSTRAINT "article_body_article_id_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id");--> statement-breakpoint
ALTER TABLE "entity" ADD CONSTRAINT "entity_merged_into_id_entity_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "entity_identifier" ADD CONSTRAINT "entity_identifier_entity_id_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "entity_name" ADD CONSTRAINT "entity_name_entity_id_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "erased_key" ADD CONSTRAINT "erased_key_erasure_id_erasure_id_fkey" FOREIGN KEY ("erasure_id") REFERENCES "erasure"("id");--> statement-breakpoint
ALTER TABLE "event" ADD CONSTRAINT "event_place_id_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "place"("id");--> statement-breakpoint
ALTER TABLE "event" ADD CONSTRAINT "event_merged_into_id_event_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "event"("id");--> statement-breakpoint
ALTER TABLE "event_participant" ADD CONSTRAINT "event_participant_entity_id_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "event_participant" ADD CONSTRAINT "event_participant_event_key" FOREIGN KEY ("event_id","start_sort","live") REFERENCES "event"("id","start_sort","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_member_key" FOREIGN KEY ("member_id","member_live") REFERENCES "organization"("id","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_organization_key" FOREIGN KEY ("organization_id","organization_live") REFERENCES "organization"("id","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "mention" ADD CONSTRAINT "mention_article_key" FOREIGN KEY ("article_id","published_sort","article_live") REFERENCES "article"("id","published_sort","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "mention" ADD CONSTRAINT "mention_entity_key" FOREIGN KEY ("entity_id","entity_live") REFERENCES "entity"("id","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "office" ADD CONSTRAINT "office_organization_id_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id");--> statement-breakpoint
ALTER TABLE "office" ADD CONSTRAINT "office_place_id_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "place"("id");--> statement-breakpoint
ALTER TABLE "office" ADD CONSTRAINT "office_accredited_to_id_entity_id_fkey" FOREIGN KEY ("accredited_to_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "office" ADD CONSTRAINT "office_entity_key" FOREIGN KEY ("id","type","sort_name","live") REFERENCES "entity"("id","type","sort_name","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "office_accreditation" ADD CONSTRAINT "office_accreditation_office_id_office_id_fkey" FOREIGN KEY ("office_id") REFERENCES "office"("id");--> statement-breakpoint
ALTER TABLE "office_accreditation" ADD CONSTRAINT "office_accreditation_accredited_to_id_entity_id_fkey" FOREIGN KEY ("accredited_to_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "office_status" ADD CONSTRAINT "office_status_office_id_office_id_fkey" FOREIGN KEY ("office_id") REFERENCES "office"("id");--> statement-breakpoint
ALTER TABLE "organization" ADD CONSTRAINT "organization_parent_id_organization_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "organization"("id");--> statement-breakpoint
ALTER TABLE "organization" ADD CONSTRAINT "organization_home_id_place_id_fkey" FOREIGN KEY ("home_id") REFERENCES "place"("id");--> statement-breakpoint
ALTER TABLE "organization" ADD CONSTRAINT "organization_entity_key" FOREIGN KEY ("id","type","sort_name","live") REFERENCES "entity"("id","type","sort_name","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_entity_key" FOREIGN KEY ("id","type","sort_name","live") REFERENCES "entity"("id","type","sort_name","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "place" ADD CONSTRAINT "place_within_id_place_id_fkey" FOREIGN KEY ("within_id") REFERENCES "place"("id");--> statement-breakpoint
ALTER TABLE "place" ADD CONSTRAINT "place_country_id_place_id_fkey" FOREIGN KEY ("country_id") REFERENCES "place"("id");--> statement-breakpoint
ALTER TABLE "place" ADD CONSTRAINT "place_entity_key" FOREIGN KEY ("id","type","sort_name","live") REFERENCES "entity"("id","type","sort_name","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "position" ADD CONSTRAINT "position_person_key" FOREIGN KEY ("person_id","person_live") REFERENCES "person"("id","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "position" ADD CONSTRAINT "position_organization_key" FOREIGN KEY ("organization_id","organization_live") REFERENCES "organization"("id","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "reference" ADD CONSTRAINT "reference_entity_id_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "reference" ADD CONSTRAINT "reference_office_status_id_office_status_id_fkey" FOREIGN KEY ("office_status_id") REFERENCES "office_status"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "reference" ADD CONSTRAINT "reference_position_id_position_id_fkey" FOREIGN KEY ("position_id") REFERENCES "position"("id");--> statement-breakpoint
ALTER TABLE "reference" ADD CONSTRAINT "reference_membership_id_membership_id_fkey" FOREIGN KEY ("membership_id") REFERENCES "membership"("id");--> statement-breakpoint
ALTER TABLE "reference" ADD CONSTRAINT "reference_event_id_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id");--> statement-breakpoint
ALTER TABLE "reference" ADD CONSTRAINT "reference_statement_id_statement_id_fkey" FOREIGN KEY ("statement_id") REFERENCES "statement"("id");--> statement-breakpoint
ALTER TABLE "reference" ADD CONSTRAINT "reference_article_key" FOREIGN KEY ("article_id","article_live") REFERENCES "article"("id","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_entity_id_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_article_id_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id");--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_event_id_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id");--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_position_id_position_id_fkey" FOREIGN KEY ("position_id") REFERENCES "position"("id");--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_membership_id_membership_id_fkey" FOREIGN KEY ("membership_id") REFERENCES "membership"("id");--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_statement_id_statement_id_fkey" FOREIGN KEY ("statement_id") REFERENCES "statement"("id");--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_erasure_id_erasure_id_fkey" FOREIGN KEY ("erasure_id") REFERENCES "erasure"("id");--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_on_behalf_of_id_entity_id_fkey" FOREIGN KEY ("on_behalf_of_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_reported_by_id_entity_id_fkey" FOREIGN KEY ("reported_by_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_place_id_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "place"("id");--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_event_id_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id");--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_article_key" FOREIGN KEY ("article_id","article_live") REFERENCES "article"("id","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_speaker_key" FOREIGN KEY ("speaker_id","speaker_live") REFERENCES "entity"("id","live") ON UPDATE CASCADE;--> statement-breakpoint
ALTER TABLE "statement_audience" ADD CONSTRAINT "statement_audience_statement_id_statement_id_fkey" FOREIGN KEY ("statement_id") REFERENCES "statement"("id");--> statement-breakpoint
ALTER TABLE "statement_audience" ADD CONSTRAINT "statement_audience_entity_id_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "statement_subject" ADD CONSTRAINT "statement_subject_entity_id_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entity"("id");--> statement-breakpoint
ALTER TABLE "statement_subject" ADD CONSTRAINT "statement_subject_statement_key" FOREIGN KEY ("statement_id","said_sort","live") REFERENCES "statement"("id","said_sort","live") ON UPDATE CASCADE;
--> statement-breakpoint
-- Facts that exclude each other. Dates are partial, so only days on which both certainly held count.
ALTER TABLE "office_status" ADD CONSTRAINT "office_status_one_at_a_time"
  EXCLUDE USING gist (office_id WITH =, certain WITH &&);
--> statement-breakpoint
ALTER TABLE "position" ADD CONSTRAINT "position_held_once_at_a_time"
  EXCLUDE USING gist (person_id WITH =, organization_id WITH =, title WITH =, certain WITH &&)
  WHERE (deleted_at IS NULL);
--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_held_once_at_a_time"
  EXCLUDE USING gist (member_id WITH =, organization_id WITH =, role WITH =, certain WITH &&)
  WHERE (deleted_at IS NULL);
