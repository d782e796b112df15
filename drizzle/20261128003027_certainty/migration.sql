-- The days that an interval can mean of which one day is meant: of '[1949..1951]' any from the
-- first to the last, of '[..1950]' any until then; of '..', the open side of a period, any at all.
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
CREATE OR REPLACE FUNCTION partial_date_range(given text) RETURNS daterange
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
ALTER DOMAIN partial_date DROP CONSTRAINT partial_date_form;
--> statement-breakpoint
ALTER DOMAIN partial_date ADD CONSTRAINT partial_date_form
  CHECK (value ~ '^(\d{4}(-\d{2}(-\d{2})?)?|\[\.\.\d{4}(-\d{2}(-\d{2})?)?\]|\[\d{4}(-\d{2}(-\d{2})?)?\.\.(\d{4}(-\d{2}(-\d{2})?)?)?\]|\.\.)$');
--> statement-breakpoint
-- For facts that exclude each other: what is not told, or known to be open, is open. Of a bound
-- without an other side ('[..1950]' as an end, '[1950..]' as a start) no day is certain.
CREATE OR REPLACE FUNCTION certain_period(start_given text, end_given text) RETURNS daterange
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
-- The days from the last on which something can have begun to the first on which it can have
-- ended: it certainly held on each of them. Where these are the other way round ('2023' to
-- '2023'), the days between, at some time among which it did. Empty where one is not known.
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
    -- Between a start and itself, or an end and itself: only within one day.
    RETURN coalesce(length(coalesce(start_given, end_given)) = 10, false);
  END IF;
  -- Mostly the years tell.
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
ALTER TABLE "entity_name" ADD COLUMN "held" daterange GENERATED ALWAYS AS (certain_span(start, "end")) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "entity_name" ADD COLUMN "held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(start, "end")) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "event" ADD COLUMN "held" daterange GENERATED ALWAYS AS (certain_span(coalesce(start, "end"), coalesce("end", start))) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "event" ADD COLUMN "held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(coalesce(start, "end"), coalesce("end", start))) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "membership" ADD COLUMN "held" daterange GENERATED ALWAYS AS (certain_span(start, "end")) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "membership" ADD COLUMN "held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(start, "end")) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "office_status" ADD COLUMN "held" daterange GENERATED ALWAYS AS (certain_span(start, "end")) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "office_status" ADD COLUMN "held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(start, "end")) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "position" ADD COLUMN "held" daterange GENERATED ALWAYS AS (certain_span(start, "end")) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "position" ADD COLUMN "held_throughout" boolean GENERATED ALWAYS AS (certain_throughout(start, "end")) STORED NOT NULL;--> statement-breakpoint
DROP INDEX "membership_organization_during_index";--> statement-breakpoint
CREATE INDEX "membership_organization_during_index" ON "membership" USING gist ("organization_id","during","held");--> statement-breakpoint
DROP INDEX "position_organization_during_index";--> statement-breakpoint
CREATE INDEX "position_organization_during_index" ON "position" USING gist ("organization_id","during","held");
--> statement-breakpoint
-- The past is asked in the same words.
ALTER TABLE history."entity_name" ADD COLUMN held daterange, ADD COLUMN held_throughout boolean;
--> statement-breakpoint
UPDATE history."entity_name" SET held = certain_span(start, "end"), held_throughout = certain_throughout(start, "end");
--> statement-breakpoint
SELECT keep_history('entity_name', '');
--> statement-breakpoint
ALTER TABLE history."office_status" ADD COLUMN held daterange, ADD COLUMN held_throughout boolean;
--> statement-breakpoint
UPDATE history."office_status" SET held = certain_span(start, "end"), held_throughout = certain_throughout(start, "end");
--> statement-breakpoint
SELECT keep_history('office_status', '');
--> statement-breakpoint
ALTER TABLE history."event" ADD COLUMN held daterange, ADD COLUMN held_throughout boolean;
--> statement-breakpoint
UPDATE history."event" SET held = certain_span(coalesce(start, "end"), coalesce("end", start)), held_throughout = certain_throughout(coalesce(start, "end"), coalesce("end", start));
--> statement-breakpoint
SELECT keep_history('event', 'deleted_at IS NULL AND merged_into_id IS NULL');
--> statement-breakpoint
ALTER TABLE history."position" ADD COLUMN held daterange, ADD COLUMN held_throughout boolean;
--> statement-breakpoint
UPDATE history."position" SET held = certain_span(start, "end"), held_throughout = certain_throughout(start, "end");
--> statement-breakpoint
SELECT keep_history('position', 'deleted_at IS NULL AND NOT is_gone(person_id) AND NOT is_gone(organization_id)');
--> statement-breakpoint
ALTER TABLE history."membership" ADD COLUMN held daterange, ADD COLUMN held_throughout boolean;
--> statement-breakpoint
UPDATE history."membership" SET held = certain_span(start, "end"), held_throughout = certain_throughout(start, "end");
--> statement-breakpoint
SELECT keep_history('membership', 'deleted_at IS NULL AND NOT is_gone(member_id) AND NOT is_gone(organization_id)');
