/** Parses records: every field known, every value valid. */
import type { z } from 'zod';
import { explain } from './messages.js';
import type { Path, Report } from './report.js';
import { isData } from '../values/data.js';

type Data = Record<string, unknown>;

/**
 * Parses a record. Reports invalid values and leaves them out, so that the rest can be checked:
 * after a report, required fields may be missing and lists may contain undefined.
 */
export function parseRecord(form: z.ZodType, record: unknown, path: Path, report: Report): unknown {
  const result = form.safeParse(record);
  if (result.success) return result.data;
  for (const issue of result.error.issues) explain(issue, record, path, form, report);
  if (!isData(record)) return {};
  const valid = Object.fromEntries(
    Object.entries(record).map(([field, value]) => [
      field,
      Array.isArray(value) ? [...(value as unknown[])] : value,
    ]),
  );
  for (const { path: at } of result.error.issues) removeValue(valid, at);
  return valid;
}

/** PostgreSQL stores neither the NUL character nor half a surrogate pair. */
export function reportUnstorable(value: unknown, path: Path, report: Report): void {
  if (typeof value === 'string' && /\0|\p{Surrogate}/u.test(value)) {
    const what = value.includes('\0') ? 'a NUL character' : 'half of a surrogate pair';
    const message = `"${path.at(-1)}" holds ${what}, which cannot be stored: remove it`;
    report(path, 'INVALID_VALUE', message);
  }
  if (typeof value !== 'object' || value === null) return;
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  for (const [key, each] of entries) reportUnstorable(each, [...path, key], report);
}

// Private:

/** Removes the value of a field or, in a list, the item; other items keep their index. */
function removeValue(record: Data, [field, index]: PropertyKey[]): void {
  if (typeof field !== 'string') return;
  const value = record[field];
  if (Array.isArray(value) && typeof index === 'number') value[index] = undefined;
  else record[field] = undefined;
}
