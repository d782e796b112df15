-- Facts that cannot hold at once. Dates are partial, so only the days on which both
-- certainly held count.
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
--> statement-breakpoint
-- An office's current status is the last of its history.
CREATE FUNCTION office_status_refresh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE office o SET current_status = (
    SELECT s.status FROM office_status s WHERE s.office_id = o.id
    ORDER BY s.start_sort DESC, s.id DESC LIMIT 1)
  WHERE o.id IN (NEW.office_id, OLD.office_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER office_status_refresh AFTER INSERT OR UPDATE OR DELETE ON "office_status"
  FOR EACH ROW EXECUTE FUNCTION office_status_refresh();
--> statement-breakpoint
-- A place lies in the nearest country at or above it; moving a place moves what it holds.
CREATE FUNCTION place_country_refresh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    WITH RECURSIVE above(id) AS (
      SELECT NEW.within_id UNION SELECT p.within_id FROM place p JOIN above a ON p.id = a.id)
    SELECT FROM above WHERE id = NEW.id) THEN
    RAISE EXCEPTION 'place % cannot lie within itself', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'place_within_check';
  END IF;
  NEW.country_id := CASE
    WHEN NEW.kind = 'COUNTRY' THEN NEW.id
    ELSE (SELECT p.country_id FROM place p WHERE p.id = NEW.within_id) END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER place_country_refresh BEFORE INSERT OR UPDATE OF within_id, kind, country_id ON "place"
  FOR EACH ROW EXECUTE FUNCTION place_country_refresh();
--> statement-breakpoint
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
-- No organization is above itself.
CREATE FUNCTION organization_parent_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    WITH RECURSIVE above(id) AS (
      SELECT NEW.parent_id UNION SELECT o.parent_id FROM organization o JOIN above a ON o.id = a.id)
    SELECT FROM above WHERE id = NEW.id) THEN
    RAISE EXCEPTION 'organization % cannot be above itself', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'organization_parent_check';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER organization_parent_check BEFORE INSERT OR UPDATE OF parent_id ON "organization"
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION organization_parent_check();
--> statement-breakpoint
-- Only a person or an organization speaks.
CREATE FUNCTION statement_speaker_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT e.type NOT IN ('PERSON', 'ORGANIZATION') FROM entity e WHERE e.id = NEW.speaker_id) THEN
    RAISE EXCEPTION 'only a person or an organization can be the speaker of a statement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_speaker_check';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER statement_speaker_check BEFORE INSERT OR UPDATE OF speaker_id ON "statement"
  FOR EACH ROW EXECUTE FUNCTION statement_speaker_check();
--> statement-breakpoint
-- Columns that repeat those of another row are filled in here, whoever writes; foreign keys with
-- ON UPDATE CASCADE keep them equal afterwards.
CREATE FUNCTION statement_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT live INTO NEW.article_live FROM article WHERE id = NEW.article_id;
  SELECT live INTO NEW.speaker_live FROM entity WHERE id = NEW.speaker_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER statement_copy BEFORE INSERT OR UPDATE OF article_id, speaker_id ON "statement"
  FOR EACH ROW EXECUTE FUNCTION statement_copy();
--> statement-breakpoint
CREATE FUNCTION position_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT live INTO NEW.person_live FROM person WHERE id = NEW.person_id;
  SELECT live INTO NEW.organization_live FROM organization WHERE id = NEW.organization_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER position_copy BEFORE INSERT OR UPDATE OF person_id, organization_id ON "position"
  FOR EACH ROW EXECUTE FUNCTION position_copy();
--> statement-breakpoint
CREATE FUNCTION membership_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT live INTO NEW.member_live FROM organization WHERE id = NEW.member_id;
  SELECT live INTO NEW.organization_live FROM organization WHERE id = NEW.organization_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER membership_copy BEFORE INSERT OR UPDATE OF member_id, organization_id ON "membership"
  FOR EACH ROW EXECUTE FUNCTION membership_copy();
--> statement-breakpoint
CREATE FUNCTION reference_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT live INTO NEW.article_live FROM article WHERE id = NEW.article_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER reference_copy BEFORE INSERT OR UPDATE OF article_id ON "reference"
  FOR EACH ROW EXECUTE FUNCTION reference_copy();
--> statement-breakpoint
CREATE FUNCTION mention_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT published_sort, live INTO NEW.published_sort, NEW.article_live FROM article WHERE id = NEW.article_id;
  SELECT live INTO NEW.entity_live FROM entity WHERE id = NEW.entity_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER mention_copy BEFORE INSERT OR UPDATE OF article_id, entity_id ON "mention"
  FOR EACH ROW EXECUTE FUNCTION mention_copy();
--> statement-breakpoint
CREATE FUNCTION statement_subject_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT said_sort, live INTO NEW.said_sort, NEW.live FROM statement WHERE id = NEW.statement_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER statement_subject_copy BEFORE INSERT OR UPDATE OF statement_id ON "statement_subject"
  FOR EACH ROW EXECUTE FUNCTION statement_subject_copy();
--> statement-breakpoint
CREATE FUNCTION event_participant_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT start_sort, live INTO NEW.start_sort, NEW.live FROM event WHERE id = NEW.event_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER event_participant_copy BEFORE INSERT OR UPDATE OF event_id ON "event_participant"
  FOR EACH ROW EXECUTE FUNCTION event_participant_copy();
--> statement-breakpoint
-- History is only ever added to.
CREATE FUNCTION revision_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'revisions are append-only' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "revision"
  FOR EACH STATEMENT EXECUTE FUNCTION revision_append_only();
