/**
 * The description of a field that leads to a record without which this one cannot be. It is
 * nullable all the same: a non-null field without a value would take the whole answer with it.
 *
 *     person: t.field({ nullable: true, description: requiredEnd('Who holds it.') … })
 */
export const requiredEnd = (text: string): string =>
  `${text} Every record has it; null only where it cannot be seen: where it is a draft, was deleted, or is deleted while the query runs.`;
