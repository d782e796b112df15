-- Equality of ids inside GiST indexes: "one status of one office at a time".
CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
-- The days that an EDTF level 0 date can mean: '2023-05' is every day of that month.
CREATE FUNCTION partial_date_range(given text) RETURNS daterange
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE length(given)
  WHEN 4 THEN daterange(
    make_date(given::int, 1, 1),
    (make_date(given::int, 1, 1) + interval '1 year')::date)
  WHEN 7 THEN daterange(
    make_date(substr(given, 1, 4)::int, substr(given, 6, 2)::int, 1),
    (make_date(substr(given, 1, 4)::int, substr(given, 6, 2)::int, 1) + interval '1 month')::date)
  ELSE daterange(
    make_date(substr(given, 1, 4)::int, substr(given, 6, 2)::int, substr(given, 9, 2)::int),
    make_date(substr(given, 1, 4)::int, substr(given, 6, 2)::int, substr(given, 9, 2)::int) + 1)
END;
--> statement-breakpoint
CREATE DOMAIN partial_date AS text
  CONSTRAINT partial_date_form CHECK (value ~ '^\d{4}(-\d{2}(-\d{2})?)?$')
  CONSTRAINT partial_date_exists CHECK (value IS NULL OR partial_date_range(value) IS NOT NULL);
--> statement-breakpoint
-- The first day that a date can mean; what is undated sorts as the oldest.
CREATE FUNCTION partial_date_floor(given text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(lower(partial_date_range(given)), '-infinity'::date);
--> statement-breakpoint
-- Every day on which something from – to may have held. An open end is unbounded; an end
-- before the start is refused, also one that is only a day before it.
CREATE FUNCTION possible_period(start_given text, end_given text) RETURNS daterange
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN daterange(
  lower(partial_date_range(start_given)),
  upper(partial_date_range(end_given)) - 1,
  '[]');
--> statement-breakpoint
-- Every day on which it certainly held: from the last day that its start can mean to the
-- first that its end can. Empty where the two leave no such day ('2023' to '2023').
CREATE FUNCTION certain_period(start_given text, end_given text) RETURNS daterange
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN upper(partial_date_range(start_given)) - 1 > lower(partial_date_range(end_given)) THEN 'empty'::daterange
  ELSE daterange(upper(partial_date_range(start_given)) - 1, lower(partial_date_range(end_given)))
END;
