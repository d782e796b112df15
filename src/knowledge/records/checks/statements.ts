/** What is told to be a speaker's own words stands in the article that reports it. */
import { describeMissing, findMissing, type SpokenKind } from '../../quotation/spoken.js';
import type { RecordSet } from '../forms.js';
import type { Report } from '../report.js';
import { recordsIn } from '../walk.js';
import type { Bodies } from './bodies.js';

/**
 * Where no body is held, there is nothing to look words up in. A statement that an export tells
 * with its id was checked when it was made: an article may have changed since, which the audit says.
 */
export function checkStatements(set: RecordSet, bodies: Bodies, report: Report): void {
  for (const { record, path } of recordsIn(set, 'statements')) {
    const { article, text, kind, id } = record;
    if (typeof article !== 'string' || typeof text !== 'string') continue;
    if (typeof kind !== 'string' || kind === 'INDIRECT' || id !== undefined) continue;
    const body = bodies(article);
    const missing = body && findMissing(body, text, kind as SpokenKind);
    if (missing) report([...path, 'text'], describeMissing(missing, article, kind as SpokenKind));
  }
}
