/** Checks the form of a dossier: every field known, every value of its kind. */
import { z } from 'zod';
import { sections, type Dossier } from './format.js';
import { show, type Path, type Report } from './issues.js';
import { explain } from './messages.js';
import { slug } from './values.js';

type Data = Record<string, unknown>;

/**
 * The dossier in the form that `format.ts` describes. Everything that is not in that form is
 * reported and left out, so that the rest can be checked nevertheless: after a report, a
 * record may lack even what it must have, and lists may hold undefined.
 */
export function validateDossier(data: unknown, report: Report): Dossier {
  const dossier: Record<string, unknown[]> = Object.fromEntries(
    Object.keys(sections).map((name) => [name, []]),
  );
  if (isTooDeep(data)) {
    report([], 'nested too deeply for a dossier');
    return dossier as unknown as Dossier;
  }
  if (!isData(data)) {
    report([], `a dossier is a mapping of sections such as "articles:", not ${show(data)}`);
    return dossier as unknown as Dossier;
  }
  reportUnstorable(data, [], report);
  checkTop(data, report);
  for (const [name, form] of Object.entries(sections)) {
    const records = data[name] ?? [];
    if (!Array.isArray(records)) {
      report([name], `"${name}" is a list of records, not ${show(records)}`);
      continue;
    }
    dossier[name] = records.map((record: unknown, i) =>
      readRecord(form, record, [name, i], report),
    );
  }
  const cite = slug.safeParse(data['cite']);
  return { ...dossier, cite: cite.data } as unknown as Dossier;
}

// Private:

const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const top = z.strictObject({
  cite: slug.nullish(),
  ...Object.fromEntries(Object.keys(sections).map((name) => [name, z.unknown().optional()])),
});

function checkTop(data: Data, report: Report): void {
  const { error } = top.safeParse(data);
  for (const issue of error?.issues ?? []) explain(issue, data, [], top, report);
}

/** Deeper than any dossier, as data that contains itself is. */
const isTooDeep = (value: unknown, depth = 0): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth > 20 || Object.values(value).some((each) => isTooDeep(each, depth + 1)));

/** Takes out what is not in the form until the rest is. */
function readRecord(form: z.ZodType, record: unknown, path: Path, report: Report): unknown {
  const result = form.safeParse(record);
  if (result.success) return result.data;
  for (const issue of result.error.issues) explain(issue, record, path, form, report);
  if (!isData(record)) return {};
  const sound = Object.fromEntries(
    Object.entries(record).map(([field, value]) => [
      field,
      Array.isArray(value) ? [...(value as unknown[])] : value,
    ]),
  );
  for (const { path: at } of result.error.issues) takeOut(sound, at);
  return sound;
}

/** Takes out the value of a field or, of a field that is a list, the item; the others keep their places. */
function takeOut(record: Data, [field, index]: PropertyKey[]): void {
  if (typeof field !== 'string') return;
  const value = record[field];
  if (Array.isArray(value) && typeof index === 'number') value[index] = undefined;
  else record[field] = undefined;
}

/** PostgreSQL stores neither the NUL character nor half a surrogate pair. */
function reportUnstorable(value: unknown, path: Path, report: Report): void {
  if (typeof value === 'string' && /\0|\p{Surrogate}/u.test(value)) {
    const what = value.includes('\0') ? 'a NUL character' : 'half of a surrogate pair';
    report(path, `"${path.at(-1)}" holds ${what}, which cannot be stored: remove it`);
  }
  if (typeof value !== 'object' || value === null) return;
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  for (const [key, each] of entries) reportUnstorable(each, [...path, key], report);
}
