/** The fields and arguments of facts that hold in a period. */

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
