-- What search costs whoever writes: each of these gives what it gave before.
--
-- Most texts have nothing to fold but marks: those are told at a glance, and letters are looked
-- up one by one (84 comparisons for each letter of the text) only where there is one to find.
CREATE OR REPLACE FUNCTION search_fold(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  folded text;
BEGIN
  IF given !~ '[^\u0001-\u007f\u00ab\u00bb\u2013\u2014\u2018-\u201f\u20ac]' THEN RETURN given; END IF;
  folded := normalize(given, NFKD);
  IF folded ~ '[\u0300-\u036f]' THEN
    folded := regexp_replace(folded, '[\u0300-\u036f]', '', 'g');
  END IF;
  IF folded ~ '[\u0080-\u05ff]' THEN
    folded := replace(replace(replace(replace(
      translate(folded,
        'łŁøØđĐðÐıħĦŧŦΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏҐ',
        'llooddddihhttαβγδεζηθικλμνξοπρστυφχψωσабвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґ'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
  END IF;
  IF folded ~ '[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]' THEN
    folded := regexp_replace(folded, '([\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g');
  END IF;
  RETURN folded;
END $$;
--> statement-breakpoint
-- Counted once an entity: without MATERIALIZED it is counted again for each row that differs.
CREATE OR REPLACE FUNCTION refresh_prominence(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  WITH used AS MATERIALIZED (
    SELECT e.id, round(4 * ln(1 + (
      (SELECT count(*) FROM (SELECT FROM mention m WHERE m.entity_id = e.id AND m.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM statement_subject x WHERE x.entity_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM statement x WHERE x.speaker_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM position x WHERE x.person_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM position x WHERE x.organization_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.organization_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.place_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.accredited_to_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM place x WHERE x.within_id = e.id AND x.live LIMIT 1023) t)
    )::float8) / ln(2::float8))::smallint AS prominence
    FROM unnest(ids) e (id))
  UPDATE search_name s SET prominence = used.prominence
  FROM used WHERE s.entity_id = used.id AND s.prominence <> used.prominence
$$;
