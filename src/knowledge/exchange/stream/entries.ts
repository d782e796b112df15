/** Checks the form of records one by one. */
import { didYouMean } from '../../validation/didYouMean.js';
import { identifiersIn, readIdentifiers } from '../../values/identifiers.js';
import { formatPath, show, type Report } from '../../validation/report.js';
import { parseRecord, reportUnstorable } from '../../validation/validate.js';
import { streamForms } from './format.js';
import {
  isUnreadable,
  type Entry,
  type ParsedRecord,
  type RejectedRecord,
} from './parsedRecord.js';
import { spaceOfType } from './recordLinks.js';
import { type RecordTypeName, recordTypeByName } from '../../model/recordTypes.js';
import { isData } from '../../values/data.js';

/** Whose identifiers a stream gives, and which of them are unique in the world. */
export interface Provenance {
  /** The source; by default each file is one, by its path as given. */
  source?: string | undefined;
  /** Schemes beside those of the documented table. */
  trusted: ReadonlySet<string>;
}

/** The record in its form, or why it is in none. */
export function readEntry(parsed: ParsedRecord, provenance: Provenance): Entry | RejectedRecord {
  const { origin } = parsed;
  if (isUnreadable(parsed)) {
    const { problem, text } = parsed;
    return { origin, reasons: [problem], ...(text !== undefined && { data: text }) };
  }
  const { data } = parsed;
  const refused = (...reasons: string[]): RejectedRecord => ({ origin, reasons, data });
  if (!isData(data)) return refused(`a record is a JSON object, not ${show(data)}`);
  const { type, ...fields } = data;
  if (!isRecordType(type)) return refused(typeMessage(type));
  const reasons: string[] = [];
  const warnings: string[] = [];
  const source = provenance.source ?? origin.file;
  if ('identifiers' in fields) {
    // What an export holds is as it was there: what has no source there counts everywhere.
    const isExported = typeof fields['id'] === 'string';
    const scope = { source: isExported ? null : source, trusted: provenance.trusted };
    fields['identifiers'] = readIdentifiers(
      fields['identifiers'],
      scope,
      (message) => void (isExported || warnings.push(message)),
    );
  }
  const report: Report = (path, message) =>
    void reasons.push(path.length > 1 ? `${formatPath(path)}: ${message}` : message);
  reportUnstorable(fields, [], report);
  const record = parseRecord(streamForms[type], fields, [], report);
  if (reasons.length > 0) return refused(...new Set(reasons));
  const entry: Entry = {
    origin,
    type,
    source,
    record: record as Record<string, unknown>,
    ...(warnings.length > 0 && { warnings }),
  };
  if (!isRecognizable(entry)) return refused(unrecognizable[spaceOfType(type) ?? 'entity']);
  if (isNameless(entry)) return refused(nameless);
  return parsed.isStandIn ? { ...entry, isStandIn: true } : entry;
}

// Private:

/** Whether the record would be recognized if it were imported again. */
const isRecognizable = (entry: Entry): boolean =>
  spaceOfType(entry.type) === undefined ||
  entry.record['slug'] !== undefined ||
  identifiersIn(entry.record['identifiers']).length > 0 ||
  typeof entry.record['url'] === 'string';

/** The standard input has no path, so its identifiers could not be kept apart from those of another. */
const isNameless = ({ source, record }: Entry): boolean =>
  source === '-' &&
  record['slug'] === undefined &&
  identifiersIn(record['identifiers']).every((each) => each.source === '-') &&
  typeof record['url'] !== 'string';

const nameless =
  'its identifiers hold only within their source, and the standard input has no name: give it one with --source';

const unrecognizable = {
  entity: 'nothing tells the record from others of its name: give it a "slug", or "identifiers"',
  article: 'nothing tells the article from others of its title: give it a "slug", or its "url"',
  event: 'nothing tells the event from others of its name: give it a "slug"',
};

const isRecordType = (type: unknown): type is RecordTypeName =>
  typeof type === 'string' && Object.hasOwn(recordTypeByName, type);

function typeMessage(type: unknown): string {
  const types = Object.keys(recordTypeByName);
  const choice = types.join(', ');
  if (type === undefined) return `"type" is required: one of ${choice}`;
  const hint = typeof type === 'string' ? didYouMean(type, types) : '';
  return `"type" ${show(type)} is unknown${hint}: use one of ${choice}`;
}
