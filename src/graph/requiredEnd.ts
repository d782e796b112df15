/**
 * The description of a field for a required link. It is nullable nevertheless: a non-null field
 * without a value would nullify its parents, up to the whole response.
 *
 *     person: t.field({ nullable: true, description: requiredEnd('The person who holds it.') … })
 */
export const requiredEnd = (text: string): string =>
  `${text} Null only if that record is not visible: a draft, a deleted record, or one that is deleted while the query runs.`;
