-- Rows that name nobody there are not among those that somebody is looked up in.
DROP INDEX "statement_on_behalf_of_index";--> statement-breakpoint
CREATE INDEX "statement_on_behalf_of_index" ON "statement" ("on_behalf_of_id","said_sort","id") WHERE live and on_behalf_of_id is not null;--> statement-breakpoint
DROP INDEX "statement_reported_by_index";--> statement-breakpoint
CREATE INDEX "statement_reported_by_index" ON "statement" ("reported_by_id","said_sort","id") WHERE live and reported_by_id is not null;--> statement-breakpoint
DROP INDEX "statement_event_index";--> statement-breakpoint
CREATE INDEX "statement_event_index" ON "statement" ("event_id","said_sort","id") WHERE live and event_id is not null;--> statement-breakpoint
DROP INDEX "statement_place_index";--> statement-breakpoint
CREATE INDEX "statement_place_index" ON "statement" ("place_id","said_sort","id") WHERE live and place_id is not null;
--> statement-breakpoint
-- Columns that repeat those of another row are filled in by triggers, a call for each row. Who
-- writes many rows sets chancery.copies to 'given' and looks them up with one statement; foreign
-- keys still see to it that they are right.
CREATE OR REPLACE TRIGGER statement_copy BEFORE INSERT OR UPDATE OF article_id, speaker_id ON "statement"
  FOR EACH ROW WHEN (current_setting('chancery.copies', true) IS DISTINCT FROM 'given')
  EXECUTE FUNCTION statement_copy();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER position_copy BEFORE INSERT OR UPDATE OF person_id, organization_id ON "position"
  FOR EACH ROW WHEN (current_setting('chancery.copies', true) IS DISTINCT FROM 'given')
  EXECUTE FUNCTION position_copy();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER membership_copy BEFORE INSERT OR UPDATE OF member_id, organization_id ON "membership"
  FOR EACH ROW WHEN (current_setting('chancery.copies', true) IS DISTINCT FROM 'given')
  EXECUTE FUNCTION membership_copy();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER reference_copy BEFORE INSERT OR UPDATE OF article_id ON "reference"
  FOR EACH ROW WHEN (current_setting('chancery.copies', true) IS DISTINCT FROM 'given')
  EXECUTE FUNCTION reference_copy();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER mention_copy BEFORE INSERT OR UPDATE OF article_id, entity_id ON "mention"
  FOR EACH ROW WHEN (current_setting('chancery.copies', true) IS DISTINCT FROM 'given')
  EXECUTE FUNCTION mention_copy();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER statement_subject_copy BEFORE INSERT OR UPDATE OF statement_id ON "statement_subject"
  FOR EACH ROW WHEN (current_setting('chancery.copies', true) IS DISTINCT FROM 'given')
  EXECUTE FUNCTION statement_subject_copy();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER event_participant_copy BEFORE INSERT OR UPDATE OF event_id ON "event_participant"
  FOR EACH ROW WHEN (current_setting('chancery.copies', true) IS DISTINCT FROM 'given')
  EXECUTE FUNCTION event_participant_copy();
--> statement-breakpoint
-- Only a person or an organization speaks: statement_copy looks row by row, this at all at once.
-- The statement is planned anew each time, as a plan made while the table was small reads all of it.
CREATE FUNCTION statement_speakers_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong boolean;
BEGIN
  EXECUTE 'SELECT EXISTS (SELECT FROM new_rows n
    WHERE (SELECT type FROM entity e WHERE e.id = n.speaker_id) NOT IN (''PERSON'', ''ORGANIZATION''))' INTO wrong;
  IF wrong THEN
    RAISE EXCEPTION 'only a person or an organization can be the speaker of a statement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_speaker_check';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER statement_speakers_insert AFTER INSERT ON "statement" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT WHEN (current_setting('chancery.copies', true) = 'given')
  EXECUTE FUNCTION statement_speakers_check();
--> statement-breakpoint
CREATE TRIGGER statement_speakers_update AFTER UPDATE ON "statement" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT WHEN (current_setting('chancery.copies', true) = 'given')
  EXECUTE FUNCTION statement_speakers_check();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER revision_number BEFORE INSERT ON "revision"
  FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION revision_number();
