/** What is told to be a speaker's own words stands in the article that reports it. */
import type { MatchingBudget } from '../../quotation/budget.js';
import { nearestTo } from '../../quotation/quotation.js';
import {
  describeMissing,
  matchSpoken,
  nearestSpoken,
  type SpokenKind,
} from '../../quotation/spoken.js';
import type { RecordSet } from '../schemas.js';
import { show, type Report } from '../report.js';
import { recordsIn } from '../walk.js';
import type { Bodies } from './bodies.js';

/**
 * Where no body is held, there is nothing to look words up in. A statement that an export tells
 * with its id was checked when it was made: an article may have changed since, which the audit says.
 */
export async function checkStatements(
  set: RecordSet,
  bodies: Bodies,
  report: Report,
  budget?: MatchingBudget,
): Promise<void> {
  for (const { record, path } of recordsIn(set, 'statements')) {
    const { article, text, kind, id } = record;
    if (typeof article !== 'string' || typeof text !== 'string') continue;
    if (typeof kind !== 'string' || kind === 'INDIRECT' || id !== undefined) continue;
    const body = bodies(article);
    await body?.prepare();
    await budget?.breathe();
    const spoken = kind as SpokenKind;
    const missing = body && matchSpoken(body, text, spoken, budget);
    if (!missing) continue;
    const at = [...path, 'text'];
    if (!missing.words || missing.isOutOfOrder) {
      report(at, describeMissing(missing, article, spoken));
    } else {
      report(at, `${show(missing.words)} is not in the body of ${article}`, 'value', async (left) =>
        nearestSpoken((await nearestTo(body, missing.words, left))?.exact, spoken),
      );
    }
  }
}
