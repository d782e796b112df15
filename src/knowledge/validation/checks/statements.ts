/** Checks that the speaker's own words in statements occur in the article that reports them. */
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
 * Statements of articles without a body are not checked, nor are statements with an id: those were
 * checked when they were created, and the audit reports articles that changed since.
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
      report(at, 'NOT_IN_ARTICLE', describeMissing(missing, article, spoken));
    } else {
      const message = `${show(missing.words)} is not in the body of ${article}`;
      report(at, 'NOT_IN_ARTICLE', message, {
        explain: async (left) => {
          const exact = (await nearestTo(body, missing.words, left))?.exact;
          return {
            message: nearestSpoken(exact, spoken),
            nearest: exact === undefined ? [] : [exact],
          };
        },
      });
    }
  }
}
