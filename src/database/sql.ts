/**
 * Expressions of SQL that Drizzle has no operators for, each written once. What they are made of
 * are columns and other expressions, so that the compiler knows the names of columns.
 */
import { and, sql, type SQL, type SQLWrapper } from 'drizzle-orm';

/** A column or another expression. */
export type Expression = SQLWrapper;

/** A value as part of a statement's text, where a parameter would hide it from the planner. */
export const literal = <Value extends string | number | boolean>(value: Value): SQL<Value> =>
  sql<Value>`${value}`.inlineParams();

/** An expression that is true or false, as a condition. */
export const holds = (condition: Expression): SQL<boolean> => sql<boolean>`${condition}`;

/** All of the conditions; as `and`, which knows of none of them that is absent. */
export const allHold = (condition: Expression, ...others: readonly Expression[]): SQL =>
  and(condition, ...others) as SQL;

/** Expressions with commas between them. */
export const list = (expressions: readonly Expression[]): SQL =>
  sql.join([...expressions], sql.raw(', '));

export const coalesce = call('coalesce');
export const numNonnulls = call<number>('num_nonnulls');
export const length = call<number>('length');
export const md5 = call<string>('md5');

/** The range of days from the first that `start` can mean to the last that `end` can. */
export const possiblePeriod = call<string>('possible_period');

// Private:

/** A function of SQL by its name. */
function call<Result>(name: string): (...values: readonly Expression[]) => SQL<Result> {
  return (...values) => sql<Result>`${sql.raw(name)}(${list(values)})`;
}
