/**
 * Expressions of SQL that Drizzle has no operators for, each written once. What they are made of
 * are columns and other expressions, so that the compiler knows the names of columns.
 */
import { and, sql, type Placeholder, type SQL, type SQLWrapper } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/** A column or another expression. */
export type Expression = SQLWrapper;

/** A value as part of a statement's text, where a parameter would hide it from the planner. */
export const literal = <Value extends string | number | boolean | null>(value: Value): SQL<Value> =>
  sql<Value>`${value}`.inlineParams();

/** The value of an expression, or of a parameter, as another type. */
export const cast = <Result>(value: Expression | Placeholder | string, type: string): SQL<Result> =>
  sql<Result>`${value}::${sql.raw(type)}`;

/** An expression that is true or false, as a condition. */
export const holds = (condition: Expression): SQL<boolean> => sql<boolean>`${condition}`;

/** All of the conditions; as `and`, but never absent. */
export const allHold = (
  condition: Expression,
  ...others: readonly (Expression | undefined)[]
): SQL => and(condition, ...others) as SQL;

/** Expressions with commas between them. */
export const commas = (expressions: readonly Expression[]): SQL =>
  sql.join([...expressions], sql.raw(', '));

/** Several expressions as one value, which compares with another row by its first difference. */
export const row = (...expressions: readonly Expression[]): SQL => sql`(${commas(expressions)})`;

/** Equals an element of an array: one parameter for any number of keys. */
export const equalsAny = (value: Expression, array: Expression): SQL<boolean> =>
  sql<boolean>`${value} = any(${array})`;

/** An expression that is worked out once, not for each row it is compared with. */
export const once = (value: Expression): SQL => sql`(select ${value})`;

/** False, or null. */
export const isNotTrue = (condition: Expression): SQL<boolean> =>
  sql<boolean>`(${condition}) is not true`;

/** All columns of a table. */
export const all = (table: PgTable): SQL => sql`${table}.*`;

export const arrayOf = (elements: readonly Expression[]): SQL => sql`array[${commas(elements)}]`;

/** The rows of a query with one column, as an array. */
export const arrayIn = (rows: Expression): SQL => sql`array${rows}`;

/** An expression in a list of fields, under a name. */
export const named = (value: Expression, name: string): SQL =>
  sql`${value} as ${sql.identifier(name)}`;

/** Numbers added up. */
export const sum = (numbers: readonly Expression[]): SQL => sql.join([...numbers], sql.raw(' + '));

// Ranges and text search.

export const overlaps = (one: Expression, other: Expression): SQL<boolean> =>
  sql<boolean>`${one} && ${other}`;

export const isWithin = (part: Expression, whole: Expression): SQL<boolean> =>
  sql<boolean>`${part} <@ ${whole}`;

/** Whether a tsvector has what a tsquery wants. */
export const matches = (words: Expression, query: Expression): SQL<boolean> =>
  sql<boolean>`${words} @@ ${query}`;

// Functions of PostgreSQL, and our own: the migrations define them.

export const coalesce: <Value>(...values: readonly Expression[]) => SQL<Value> = call('coalesce');
export const nullif = call('nullif');
export const numNonnulls = call<number>('num_nonnulls');
export const length = call<number>('length');
export const octetLength = call<number>('octet_length');
export const left = call<string>('left');
export const lower = call<string>('lower');
export const upper = call<string>('upper');
export const md5 = call<string>('md5');
export const now = call<Date>('now');
export const toJson = call('to_json');
export const boolOr = call<boolean>('bool_or');

/** Days from the first that one partial date can mean to the last that another can. */
export const possiblePeriod = call<string>('possible_period');
/** The days that a partial date can mean … */
export const partialDateRange = call<string>('partial_date_range');
/** … and the first of them. */
export const partialDateFloor = call<string>('partial_date_floor');

// Private:

/** A function by its name. */
function call<Result>(name: string): (...values: readonly Expression[]) => SQL<Result> {
  return (...values) => sql<Result>`${sql.raw(name)}(${commas(values)})`;
}
