import { eq, isNotNull } from 'drizzle-orm';
import { check, index, unique } from 'drizzle-orm/pg-core';
import { holds, possiblePeriod } from '../sql.js';
import { partialDate, pgTable } from './columns.js';
import { entityColumns, entityKey } from './entity.js';

export const person = pgTable(
  'person',
  { ...entityColumns('PERSON'), birthDate: partialDate(), deathDate: partialDate() },
  (table) => [
    entityKey('person', table),
    unique('person_live_key').on(table.id, table.live),
    check('person_type_check', eq(table.type, 'PERSON')),
    check('person_life_check', isNotNull(possiblePeriod(table.birthDate, table.deathDate))),
    index('person_name_index').on(table.sortName, table.id).where(holds(table.live)),
  ],
);
