/** Records of one type as rows of a table. */
import { identifiersIn } from '../../values/identifiers.js';
import { withoutFormula } from './csvFormulas.js';
import { fieldsOfType } from '../../validation/schemas.js';
import { mapRecordTypes, recordTypeByName, type RecordTypeName } from '../../model/recordTypes.js';

type Data = Record<string, unknown>;

/** The columns of a table, in order, named as the fields are; of an office's statuses it has one. */
const columns = mapRecordTypes((type) =>
  fieldsOfType[type].flatMap((field) => {
    if (field === 'body' || field === 'statuses') return [];
    const hasStatus = field === 'kind' && fieldsOfType[type].includes('statuses');
    return hasStatus ? [field, 'status', 'start', 'end'] : [field];
  }),
);

/** The columns that a table of records of a type has: their fields, and the articles that say so. */
export const columnsOfType = (type: RecordTypeName): string[] => [
  ...columns[recordTypeByName[type]],
  ...(type === 'Article' ? [] : ['sources']),
];

export const headerOf = (type: RecordTypeName): string => lineOf(columnsOfType(type));

/**
 * Values of a list are parted by `; `; the status of an office is its last. No cell is a formula.
 */
export function rowOfRecord(type: RecordTypeName, record: Data): string {
  const statuses = record['statuses'] as Data[] | undefined;
  const flat: Data = { ...statuses?.at(-1), ...record, sources: sourcesOf(record) };
  const status = statuses?.at(-1)?.['status'];
  if (status !== undefined) flat['status'] = status;
  return lineOf(columnsOfType(type).map((column) => withoutFormula(cellOf(flat[column]))));
}

// Private:

/** RFC 4180: quoted where it has to be. */
const lineOf = (cells: string[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;

function sourcesOf({ references, statuses }: Data): string[] {
  const own = (references ?? []) as Data[];
  const ofStatuses = ((statuses ?? []) as Data[]).flatMap(
    (status) => (status['references'] ?? []) as Data[],
  );
  return [...new Set([...own, ...ofStatuses].map(({ article }) => String(article)))];
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(cellOf).join('; ');
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  const { name, entity } = value as Data;
  if (name !== undefined || entity !== undefined) return cellOf(name ?? entity);
  return identifiersIn(value)
    .map((each) => `${each.scheme}:${each.value}${each.source === null ? '' : ` (${each.source})`}`)
    .join('; ');
}
