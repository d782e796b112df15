/** The fields and arguments of facts that hold in a period. */
import { open } from '../../knowledge/values/partialDate.js';
import { describedEnum } from './enum.js';

type EndKindName = 'KNOWN' | 'OPEN' | 'UNKNOWN';

const EndKind = describedEnum<EndKindName>('EndKind', 'What is known of the end of a fact.', {
  KNOWN: 'It ends or ended: `end` is a date, or bounds of one.',
  OPEN: 'It is known to continue: `end` is `".."`.',
  UNKNOWN: 'Nothing is known: `end` is null. It may continue or have ended.',
});

/** `start: t.expose('start', startField)` */
export const startField = {
  type: 'PartialDate',
  nullable: true,
  description: 'When it began; null if unknown.',
} as const;

/** `end: t.expose('end', endField)` */
export const endField = {
  type: 'PartialDate',
  nullable: true,
  description: 'When it ended; null if unknown, `".."` if it is known to continue.',
} as const;

/** `endKind: t.field(endKindField)` */
export const endKindField = {
  type: EndKind,
  columns: ['end'],
  description: 'What is known of its end, derived from `end`.',
  resolve: ({ end }: { end: string | null }): EndKindName =>
    end === null ? 'UNKNOWN' : end === open ? 'OPEN' : 'KNOWN',
};
