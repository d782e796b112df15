import { sql, type SQL } from 'drizzle-orm';

/**
 * Takes the value of a condition and gives back the SQL that stands for it in the statement,
 * a column of `asked`. So a filter's values travel with the key, and requests that filter by
 * other values of the same fields share a statement.
 */
export type Bind = (value: string, type?: ParameterType) => SQL;

export type ParameterType = 'text' | 'uuid';

/** Collects the values that conditions bind, in their order. */
export class Parameters {
  readonly values: string[] = [];
  readonly types: ParameterType[] = [];

  readonly bind: Bind = (value, type = 'text') => {
    this.types.push(type);
    return sql.raw(`asked.p${this.values.push(value) - 1}`);
  };
}

/**
 * What of a filter decides the text of its conditions: which fields it has, whether a list is
 * of one value or of several, and what is neither text nor list.
 */
export function structureOf(value: unknown): unknown {
  if (typeof value === 'string') return 's';
  if (Array.isArray(value)) return value.length === 1 ? 1 : 'n';
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([name, field]) =>
    field === undefined ? 0 : [name, structureOf(field)],
  );
}
