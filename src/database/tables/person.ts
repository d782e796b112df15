import { sql } from 'drizzle-orm';
import { check, index, unique } from 'drizzle-orm/pg-core';
import { partialDate, pgTable } from './columns.js';
import { entityColumns, entityKey } from './entity.js';

export const person = pgTable(
  'person',
  { ...entityColumns('PERSON'), birthDate: partialDate(), deathDate: partialDate() },
  (table) => [
    entityKey('person', table),
    unique('person_live_key').on(table.id, table.live),
    check('person_type_check', sql`type = 'PERSON'`),
    check('person_life_check', sql`possible_period(birth_date, death_date) is not null`),
    index('person_name_index')
      .on(table.sortName, table.id)
      .where(sql`live`),
  ],
);
