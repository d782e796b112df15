/**
 * How the columns of a table become fields of records. A mapping is a YAML file:
 *
 *     type: Office
 *     fields:
 *       name: Name of mission                      # a column
 *       kind: { column: Type, map: { Embassy: EMBASSY }, default: OTHER }
 *       organization: { column: Sender, prefix: "wikidata:" }
 *       alsoAccreditedTo: { column: Others, split: ";", prefix: "wikidata:" }
 *       identifiers: { wikidata: QID }             # fields within a field
 *       names:                                     # an item for each name in the cell
 *         - { name: { column: Aliases, split: "|" } }
 *       statuses:                                  # a list
 *         - { status: { value: OPEN }, start: { column: Opened, date: DD.MM.YYYY } }
 *
 * An empty cell leaves its field out.
 */
import { z } from 'zod';
import { exactNumber } from '../../values/numbers.js';
import { withFormula } from './csvFormulas.js';
import { compact } from './normalize.js';
import { recordTypeByName } from '../../model/recordTypes.js';

/** The source of a field's value. */
const leaf = z.union([
  z.string(),
  z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]) }),
  z.strictObject({
    column: z.string(),
    /** Values by the text of the cell. */
    map: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    /** The value for texts that `map` lacks, and for an empty cell. */
    default: z.union([z.string(), z.number()]).optional(),
    prefix: z.string().optional(),
    /** The separator of several values in one cell. */
    split: z.string().min(1).optional(),
    /** Which values to use: the first, or the rest. Default: all, as a list. */
    take: z.enum(['first', 'rest']).optional(),
    /** The format of a date, with YYYY, MM, DD, M and D: `DD.MM.YYYY`. */
    date: z.string().regex(/YYYY/, { error: 'needs YYYY: write it like DD.MM.YYYY' }).optional(),
    number: z.boolean().optional(),
  }),
]);

type Leaf = z.output<typeof leaf>;
type Node = Leaf | Node[] | { [field: string]: Node };

const node: z.ZodType<Node> = z.lazy(() =>
  z.union([leaf, z.array(node), z.record(z.string(), node)]),
);

/** The schema of a mapping file. */
export const csvMapping = z.strictObject({
  type: z.enum(Object.keys(recordTypeByName)),
  /** The delimiter. Default: a comma. */
  delimiter: z.string().min(1).optional(),
  fields: z.record(z.string(), node),
});

export type CsvMapping = z.output<typeof csvMapping>;
export type Row = Record<string, string>;

/** The columns that a mapping requires. */
export const columnsOf = (mapping: CsvMapping): string[] => [
  ...new Set(Object.values(mapping.fields).flatMap(columnsIn)),
];

/**
 * Compiles a mapping to a function from rows to records.
 *
 * @returns a function that throws a RangeError for a cell that does not match the mapping
 */
export function rowReader({ type, fields }: CsvMapping): (row: Row) => object {
  const read = readerOf(fields);
  return (row) => ({ type, ...(read(row) as object | undefined) });
}

// Private:

type Reader = (row: Row) => unknown;

const isLeaf = (value: Node): value is Leaf => leaf.safeParse(value).success;

function columnsIn(value: Node): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(columnsIn);
  if (isLeaf(value)) return 'column' in value ? [value.column] : [];
  return Object.values(value).flatMap(columnsIn);
}

function readerOf(value: Node): Reader {
  if (isLeaf(value)) return leafReader(value);
  const columns = columnsIn(value);
  const isEmpty = (row: Row) =>
    columns.length > 0 && columns.every((column) => !row[column]?.trim());
  if (Array.isArray(value)) {
    const items = value.map(itemsReader);
    return (row) => {
      const read = items.flatMap((item) => item(row)).filter((item) => item !== undefined);
      return read.length > 0 ? read : undefined;
    };
  }
  const members = Object.entries(value).map(([field, each]) => [field, readerOf(each)] as const);
  // Constants alone make no item.
  return (row) =>
    isEmpty(row)
      ? undefined
      : compact(Object.fromEntries(members.map(([field, read]) => [field, read(row)])));
}

/** An item of a list, or one per value if a cell within it is split. */
function itemsReader(value: Node): (row: Row) => unknown[] {
  const read = readerOf(value);
  const isSplit = (node: Node): boolean =>
    typeof node === 'object' && !Array.isArray(node) && 'split' in node && node.take !== 'first';
  if (isLeaf(value) || Array.isArray(value)) return (row) => [read(row)].flat();
  const parts = Object.keys(value).filter((field) => isSplit(value[field] ?? ''));
  if (parts.length === 0) return (row) => [read(row)];
  return (row) => {
    const item = read(row) as Record<string, unknown> | undefined;
    const lists = parts.map((field) => (item?.[field] as unknown[] | undefined) ?? []);
    const [first = []] = lists;
    if (lists.some((list) => list.length !== first.length)) {
      const named = parts.map((field) => JSON.stringify(field)).join(' and ');
      throw new RangeError(`${named} must have the same number of values`);
    }
    return first.map((_, i) => ({
      ...item,
      ...Object.fromEntries(parts.map((field, part) => [field, lists[part]?.[i]])),
    }));
  };
}

function leafReader(given: Leaf): Reader {
  const spec = typeof given === 'string' ? { column: given } : given;
  if (!('column' in spec)) return () => spec.value;
  const { column, split, take } = spec;
  const cellIn = (row: Row) => withFormula(row[column]?.trim() ?? '');
  if (split === undefined) return (row) => cellOf(spec, cellIn(row));
  const partsOf = (row: Row) =>
    cellIn(row)
      .split(split)
      .map((part) => part.trim());
  if (take === 'first') return (row) => cellOf(spec, partsOf(row).find(Boolean) ?? '');
  return (row) => {
    const parts = partsOf(row).filter(Boolean);
    if (parts.length === 0 && spec.default !== undefined) return [spec.default];
    return (take === 'rest' ? parts.slice(1) : parts).map((part) => cellOf(spec, part));
  };
}

type ColumnSpec = Extract<Leaf, { column: string }>;

function cellOf(
  { column, map, default: otherwise, prefix = '', date, number }: ColumnSpec,
  cell: string,
): unknown {
  if (cell === '') return otherwise;
  if (map) return Object.hasOwn(map, cell) ? map[cell] : (otherwise ?? cell);
  if (date) return readDate(cell, date, column);
  if (number) return readNumber(cell, column);
  return prefix + cell;
}

/** Numbers stay texts if parsing would lose digits. */
function readNumber(cell: string, column: string): number | string {
  const value = exactNumber(cell);
  if (typeof value === 'string' || Number.isFinite(value)) return value;
  throw new RangeError(
    `column ${JSON.stringify(column)} must hold a number, not ${JSON.stringify(cell)}`,
  );
}

/** Converts a date to the format of a stream; parts that the format lacks are omitted. */
function readDate(cell: string, form: string, column: string): string | undefined {
  const pattern = form
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/YYYY/, '(?<year>\\d{4})')
    .replace(/MM?/, '(?<month>\\d{1,2})')
    .replace(/DD?/, '(?<day>\\d{1,2})');
  const groups = new RegExp(`^${pattern}$`).exec(cell)?.groups;
  if (!groups) {
    throw new RangeError(
      `column ${JSON.stringify(column)} must hold a date like ${form}, not ${JSON.stringify(cell)}`,
    );
  }
  const { year, month, day } = groups;
  // Zeros mean unknown.
  const parts = [year, month, day].map((part) => part?.padStart(2, '0'));
  const known = parts.findIndex((part) => part === undefined || /^0+$/.test(part));
  return parts.slice(0, known < 0 ? undefined : known).join('-') || undefined;
}
