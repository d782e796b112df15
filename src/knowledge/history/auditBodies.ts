/** Audits the quotations of articles: cited passages, and the words of statements. */
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { equalsAny, octetLength } from '../../database/sql.js';
import { article, articleBody, statement } from '../../database/tables/index.js';
import { Body } from '../quotation/body.js';
import { MatchingBudget, stepsForNearest, unlimited } from '../quotation/budget.js';
import { describeMissing, findMissingInTurns } from '../quotation/spoken.js';
import { groupsOfBytes } from '../reading/groupsOfBytes.js';
import { uuids } from '../reading/keys.js';
import { shown, type AuditSummary } from './discrepancy.js';

/** Compares the bodies of these articles, in groups of bounded size. */
export async function auditBodies(
  tx: Queryable,
  articles: readonly string[],
  summary: AuditSummary,
): Promise<void> {
  for (const ids of await bySize(tx, articles)) {
    const bodies = await readBodies(tx, ids);
    await auditReferences(tx, bodies, summary);
    await auditStatements(tx, bodies, summary);
  }
}

// Private:

/** Groups articles whose bodies fit in memory together. */
async function bySize(tx: Queryable, articles: readonly string[]): Promise<string[][]> {
  const { articleId, text } = articleBody;
  const sizes = await tx
    .select({ id: articleId, bytes: octetLength(text) })
    .from(articleBody)
    .where(equalsAny(articleId, uuids(articles)))
    .orderBy(articleId);
  return groupsOfBytes(sizes);
}

async function readBodies(tx: Queryable, articles: readonly string[]): Promise<Map<string, Body>> {
  const rows = await tx
    .select({ id: articleBody.articleId, text: articleBody.text })
    .from(articleBody)
    .where(equalsAny(articleBody.articleId, uuids(articles)));
  return new Map(rows.map(({ id, text }) => [id, new Body(text)]));
}

async function auditReferences(
  tx: Queryable,
  bodies: ReadonlyMap<string, Body>,
  summary: AuditSummary,
): Promise<void> {
  const references = await readRows<{
    id: string;
    article: string;
    exact: string;
    from: number;
    to: number;
  }>(
    tx,
    sql`select id, article_id as article, exact, start as "from", "end" as "to" from reference
      where verified and deleted_at is null and article_id = any(${uuids([...bodies.keys()])})`,
  );
  for (const { id, article, exact, from, to } of references) {
    summary.references++;
    if (bodies.get(article)?.slice(from, to) === exact) continue;
    const message = `${shown(exact)} is not at characters ${from} to ${to} of its article's body`;
    summary.discrepancies.push({ recordType: 'references', id, message });
  }
}

/** Finds statements older than the check of their words, and those whose article changed since. */
async function auditStatements(
  tx: Queryable,
  bodies: ReadonlyMap<string, Body>,
  { discrepancies }: AuditSummary,
): Promise<void> {
  const { id: statementId, articleId, kind: spoken, text: words, deletedAt } = statement;
  const statements = await tx
    .select({ id: statementId, article: articleId, slug: article.slug, kind: spoken, text: words })
    .from(statement)
    .innerJoin(article, eq(article.id, articleId))
    .where(
      and(
        ne(spoken, 'INDIRECT'),
        isNull(deletedAt),
        equalsAny(articleId, uuids([...bodies.keys()])),
      ),
    )
    .orderBy(statementId);
  const budget = unlimited();
  const forNearest = new Map<string, MatchingBudget>();
  for (const { id, article: of, slug, kind, text } of statements) {
    const body = bodies.get(of);
    if (!body) continue;
    await body.prepare();
    await budget.breathe();
    const left = forNearest.get(of) ?? new MatchingBudget(stepsForNearest);
    forNearest.set(of, left);
    const missing = await findMissingInTurns(body, text, kind, budget, left);
    if (!missing) continue;
    discrepancies.push({
      recordType: 'statements',
      id,
      message: describeMissing(missing, slug, kind),
    });
  }
}
