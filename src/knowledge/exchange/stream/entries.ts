/** Checks the form of each record. */
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

/** The source of a stream's identifiers, and additional globally unique schemes. */
export interface Provenance {
  /** Default: each file's path as given. */
  source?: string | undefined;
  /** Schemes in addition to those documented. */
  trusted: ReadonlySet<string>;
}

/** Parses a record: the entry, or the reasons of its rejection. */
export function readEntry(parsed: ParsedRecord, provenance: Provenance): Entry | RejectedRecord {
  const { origin } = parsed;
  if (isUnreadable(parsed)) {
    const { problem, text } = parsed;
    return { origin, reasons: [problem], ...(text !== undefined && { data: text }) };
  }
  const { data } = parsed;
  const reject = (...reasons: string[]): RejectedRecord => ({ origin, reasons, data });
  if (!isData(data)) return reject(`a record is a JSON object, not ${show(data)}`);
  const { type, ...fields } = data;
  if (!isRecordType(type)) return reject(typeMessage(type));
  const reasons: string[] = [];
  const warnings: string[] = [];
  const source = provenance.source ?? origin.file;
  if ('identifiers' in fields) {
    // In exported records, an identifier without a source is globally unique.
    const isExported = typeof fields['id'] === 'string';
    const scope = { source: isExported ? null : source, trusted: provenance.trusted };
    fields['identifiers'] = readIdentifiers(
      fields['identifiers'],
      scope,
      (message) => void (isExported || warnings.push(message)),
    );
  }
  const report: Report = (path, _code, message) =>
    void reasons.push(path.length > 1 ? `${formatPath(path)}: ${message}` : message);
  reportUnstorable(fields, [], report);
  const record = parseRecord(streamForms[type], fields, [], report);
  if (reasons.length > 0) return reject(...new Set(reasons));
  const entry: Entry = {
    origin,
    type,
    source,
    record: record as Record<string, unknown>,
    ...(warnings.length > 0 && { warnings }),
  };
  if (!isRecognizable(entry)) return reject(unrecognizable[spaceOfType(type) ?? 'entity']);
  if (isNameless(entry)) return reject(nameless);
  return parsed.isStandIn ? { ...entry, isStandIn: true } : entry;
}

// Private:

/** Whether a second import would recognize the record. */
const isRecognizable = (entry: Entry): boolean =>
  spaceOfType(entry.type) === undefined ||
  entry.record['slug'] !== undefined ||
  identifiersIn(entry.record['identifiers']).length > 0 ||
  typeof entry.record['url'] === 'string';

/** Standard input has no path that distinguishes its identifiers from those of other input. */
const isNameless = ({ source, record }: Entry): boolean =>
  source === '-' &&
  record['slug'] === undefined &&
  identifiersIn(record['identifiers']).every((each) => each.source === '-') &&
  typeof record['url'] !== 'string';

const nameless =
  'its identifiers are unique only within their source, and standard input has no name: give the source with --source';

const unrecognizable = {
  entity:
    'nothing distinguishes the record from others with its name: add a "slug" or "identifiers"',
  article:
    'nothing distinguishes the article from others with its title: add a "slug" or its "url"',
  event: 'nothing distinguishes the event from others with its name: add a "slug"',
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
