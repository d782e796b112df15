import type { Queryable } from '../../database/database.js';
import { keyText, type Batcher, type Key } from './batcher.js';
import { keyArrays, type ParameterType } from './keys.js';
import type { Queries, Query } from './queries.js';

/** What a query runs through: one statement cache and one batcher for all requests. */
export interface QueryRunner {
  queries: Queries;
  batcher: Batcher;
}

export interface BatchedQueryOptions<Row, Value> {
  /** Equal names are equal statements: they share batches and one prepared statement. */
  name: string;
  /** The types of a key's parameters, the columns `p0`, `p1` … of `keys`. */
  types: readonly ParameterType[];
  /** Makes the statement: it selects from `keysTable(types)`, and `keyNumber` as `$n`. */
  build: (db: Queryable) => Query;
  /** Turns a key's rows into its value, once for all callers. Default: the rows. */
  collect?: (rows: Row[]) => Value;
  /** Keys per statement, where fewer than a batch has. */
  maxKeys?: number;
  /** Whether a key may go through a whole table. */
  isHeavy?: boolean;
}

/** A row, and which of the keys it belongs to. */
export interface KeyedRow {
  $n: number;
}

/**
 * A statement that is run for many keys at a time, with the rows of each.
 *
 *     const numbersOf = batchedQuery<Row>({ name: 'revision numbers', types: ['uuid'], build });
 *     const rows = await numbersOf(runner, [id]);
 */
export function batchedQuery<Row extends KeyedRow, Value = Row[]>({
  name,
  types,
  build,
  collect,
  maxKeys = Infinity,
  isHeavy = false,
}: BatchedQueryOptions<Row, Value>): (
  runner: QueryRunner,
  parameters: readonly string[],
) => Promise<Value> {
  const run = async (queries: Queries, keys: readonly Key[]): Promise<Value[]> => {
    const rows = await queries.run<Row>(name, build, keyArrays(keys, types));
    const rowsOf: Row[][] = keys.map(() => []);
    for (const row of rows) rowsOf[row.$n - 1]?.push(row);
    return collect ? rowsOf.map(collect) : (rowsOf as Value[]);
  };
  const runAll = async (queries: Queries, keys: readonly Key[]): Promise<Value[]> => {
    if (keys.length <= maxKeys) return run(queries, keys);
    const values: Value[] = [];
    for (let at = 0; at < keys.length; at += maxKeys) {
      values.push(...(await run(queries, keys.slice(at, at + maxKeys))));
    }
    return values;
  };
  return ({ queries, batcher }, parameters) =>
    batcher.load(
      name,
      (keys) => runAll(queries, keys),
      keyText(parameters),
      parameters,
      isHeavy,
    ) as Promise<Value>;
}
