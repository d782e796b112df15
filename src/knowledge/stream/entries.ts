/** Checks the form of records one by one. */
import { didYouMean } from '../records/didYouMean.js';
import { formatPath, show, type Report } from '../records/report.js';
import { isData, readRecord, reportUnstorable } from '../records/validate.js';
import { recordTypes, streamForms, type RecordType } from './format.js';
import { isUnreadable, type Entry, type Incoming, type Refusal } from './incoming.js';
import { identifiersOf, spaceOfType } from './links.js';

/** The record in its form, or why it is in none. */
export function readEntry(incoming: Incoming): Entry | Refusal {
  const { origin } = incoming;
  if (isUnreadable(incoming)) {
    const { problem, text } = incoming;
    return { origin, reasons: [problem], ...(text !== undefined && { data: text }) };
  }
  const { data } = incoming;
  const refused = (...reasons: string[]): Refusal => ({ origin, reasons, data });
  if (!isData(data)) return refused(`a record is a JSON object, not ${show(data)}`);
  const { type, ...fields } = data;
  if (!isRecordType(type)) return refused(typeMessage(type));
  const reasons: string[] = [];
  const report: Report = (path, message) =>
    void reasons.push(path.length > 1 ? `${formatPath(path)}: ${message}` : message);
  reportUnstorable(fields, [], report);
  const record = readRecord(streamForms[type], fields, [], report);
  if (reasons.length > 0) return refused(...new Set(reasons));
  const entry: Entry = { origin, type, record: record as Record<string, unknown> };
  if (!isRecognizable(entry)) return refused(unrecognizable[spaceOfType(type) ?? 'entity']);
  return incoming.isStandIn ? { ...entry, isStandIn: true } : entry;
}

// Private:

/** Whether the record would be known again if it were told again. */
const isRecognizable = (entry: Entry): boolean =>
  spaceOfType(entry.type) === undefined ||
  entry.record['slug'] !== undefined ||
  identifiersOf(entry).length > 0 ||
  typeof entry.record['url'] === 'string';

const unrecognizable = {
  entity: 'nothing tells the record from others of its name: give it a "slug", or "identifiers"',
  article: 'nothing tells the article from others of its title: give it a "slug", or its "url"',
  event: 'nothing tells the event from others of its name: give it a "slug"',
};

const isRecordType = (type: unknown): type is RecordType =>
  typeof type === 'string' && Object.hasOwn(recordTypes, type);

function typeMessage(type: unknown): string {
  const types = Object.keys(recordTypes);
  const choice = types.join(', ');
  if (type === undefined) return `"type" is required: one of ${choice}`;
  const hint = typeof type === 'string' ? didYouMean(type, types) : '';
  return `"type" ${show(type)} is unknown${hint}: use one of ${choice}`;
}
