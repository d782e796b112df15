/** Work that is done before a change waits for the lock of writers. */
import { and, eq, gt, or } from 'drizzle-orm';
import type { Database } from '../../database/database.js';
import { cast, equalsAny, length } from '../../database/sql.js';
import { article, articleBody } from '../../database/tables/index.js';
import { Body } from '../quotation/body.js';
import { texts } from '../reading/keys.js';
import type { Edit } from './edit.js';
import type { Values } from '../model/recordLists.js';
import type { RecordName } from '../history/target.js';

/**
 * Prepares long bodies that are cited, or part of the change, for matching quotations. Prepared
 * forms are cached, so that the change finds them.
 */
export async function prepareBodies({ db }: Database, edits: readonly Edit[]): Promise<void> {
  const names = new Set<string>();
  for (const edit of edits) {
    if (edit.kind === 'cite') names.add(nameOf(edit.citation.article));
    if (!('fields' in edit)) continue;
    const { body, references, statuses } = edit.fields;
    if (typeof body === 'string' && body.length > long) await new Body(body).prepare();
    for (const each of [references, ...listed(statuses).map((status) => status['references'])]) {
      for (const { article } of listed(each)) {
        if (typeof article === 'string') names.add(article);
        else if (typeof article === 'object' && article) names.add(nameOf(article as RecordName));
      }
    }
  }
  if (names.size === 0) return;
  const named = texts([...names].filter((name) => !name.includes('\0')));
  const isNamed = or(equalsAny(article.slug, named), equalsAny(cast(article.id, 'text'), named));
  const bodies = await db
    .select({ text: articleBody.text })
    .from(articleBody)
    .innerJoin(article, eq(article.id, articleBody.articleId))
    .where(and(isNamed, gt(length(articleBody.text), long)))
    .limit(maxBodies);
  for (const { text } of bodies) await new Body(text).prepare();
}

// Private:

/** In characters; shorter bodies are prepared in negligible time. */
const long = 50_000;

/** The size of the cache of prepared bodies. */
const maxBodies = 5;

const nameOf = (name: RecordName): string => ('id' in name ? name.id : name.slug);

const listed = (value: unknown): Values[] =>
  Array.isArray(value)
    ? value.filter((item): item is Values => typeof item === 'object' && item !== null)
    : [];
