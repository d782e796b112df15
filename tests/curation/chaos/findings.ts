/** What history says of edits that were acknowledged. */
import { sql } from 'drizzle-orm';
import { readRows, type Database } from '../../../src/database/database.js';
import { parseGlobalId } from '../../../src/graph/relay/globalId.js';
import type { Acknowledged } from './editors.js';

/** Everything that is not as it was answered, in words; none, if all is well. */
export async function findings(database: Database, answers: Acknowledged[]): Promise<string[]> {
  const rows = await readRows<{ token: string; changeId: string; record: string; text: string }>(
    database.db,
    sql`select reason as token, change_id as "changeId", changes::text as text,
        coalesce(entity_id, article_id, event_id, position_id, membership_id, statement_id)::text as record
      from revision where reason is not null`,
  );
  const byToken = new Map<string, typeof rows>();
  for (const row of rows) byToken.set(row.token, [...(byToken.get(row.token) ?? []), row]);
  const found: string[] = [];
  for (const { edit, result } of answers) {
    const { token, records, text } = edit;
    const revisions = byToken.get(token) ?? [];
    byToken.delete(token);
    const report = (what: string) => found.push(`${token} (${edit.query.slice(0, 60)}): ${what}`);
    if (!result.changeId) {
      if (revisions.length > 0) report(`was rejected, but is there: ${JSON.stringify(result)}`);
      continue;
    }
    const changes = new Set(revisions.map(({ changeId }) => changeId));
    if (changes.size > 1) report('was carried out more than once');
    if (changes.size === 1 && !changes.has(parseGlobalId(result.changeId)?.id ?? ''))
      report('is not the change that the response names');
    const changed = new Set(revisions.map(({ record }) => record)).size;
    if (changed < records) report(`has changed ${changed} records, not ${records}`);
    if (text && !revisions.some((row) => row.text.includes(text))) report(`"${text}" is lost`);
  }
  for (const token of byToken.keys()) found.push(`${token} was never acknowledged`);
  return found;
}
