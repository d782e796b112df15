import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fill } from '../../bench/data.js';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { listQueries } from '../support/schemaQueries.js';
import { startPostgres, type PostgresServer } from '../support/postgres.js';
import { binariesOf } from '../support/postgresBinaries.js';

/** How many statements the knowledge base holds; at a million it takes some minutes more. */
const size = Number(process.env['CHANCERY_PLANS_AT'] ?? 100_000);

/** Tables with more rows are never to be read from end to end. */
const large = 20_000;

const binaries = binariesOf('18');

describe.skipIf(!binaries)('the plans of PostgreSQL', () => {
  let server: PostgresServer;
  let sql: postgres.Sql;
  let chancery: Chancery;
  const statements = new Map<string, string>();
  beforeAll(async () => {
    server = await startPostgres(binaries ?? '', { shared_buffers: '256MB', jit: 'off' });
    sql = postgres(server.url, { max: 1, onnotice: () => {} });
    let currentTitle = '';
    chancery = await createChancery({
      database: { url: server.url },
      cacheMegabytes: 0,
      onStatement: (text) => {
        if (/\$\d/.test(text) && !statements.has(text)) statements.set(text, currentTitle);
      },
    });
    await fill(server.url, size, () => {});
    statements.clear();
    const slugs = {
      Organization: 'organization-7',
      Person: 'person-7',
      Office: 'office-7',
      Place: 'place-7',
      Article: 'article-7',
      Event: 'none',
    };
    const others = [
      '{ search(query: "minister tariff -quota") { facets { truncated } nodes { highlight } } }',
      '{ search(query: "office trade", filter: { recordType: [OFFICE, PERSON] }) { facets { truncated } nodes { highlight } } }',
      '{ suggest(prefix: "ko") { text } }',
      '{ suggest(prefix: "zzz") { text } }',
      '{ path(from: "person-7", to: "organization-7", maxLength: 2) { length } }',
      '{ path(from: "person-7", to: "organization-7", asOf: "2015") { length } }',
      '{ path(from: "person-7", to: "person-8", via: [CO_MENTION]) { length } }',
      '{ organization(slug: "organization-7") { offices { groups(by: [KIND, COUNTRY]) { count } } statementsAbout { groups(by: [YEAR]) { count } } } }',
      '{ person(slug: "person-7") { statements { groups(by: [SUBJECT, PUBLISHER]) { count } } } }',
    ].flatMap((query) => [query, query].map((again) => ({ title: again, query: again })));
    for (const { title, query } of [...listQueries(chancery.schema, slugs), ...others]) {
      currentTitle = title;
      const response = await chancery.fetch(
        new Request('http://test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        }),
      );
      const answer = (await response.json()) as object;
      if ('errors' in answer) throw new Error(`${query}: ${JSON.stringify(answer.errors)}`);
    }
  });
  afterAll(async () => {
    await chancery.close();
    await sql.end();
    await server.stop();
  });

  it('read no large table from end to end and sort no more than a page', async () => {
    const rows = new Map(
      (
        await sql<{ name: string; rows: number }[]>`
          select relname as name, reltuples::int as rows from pg_class where relkind = 'r'`
      ).map(({ name, rows }) => [name, rows]),
    );
    const faults: string[] = [];
    for (const [text, title] of statements) {
      const [answer] = await sql.unsafe(`explain (generic_plan, format json) ${text}`);
      const [{ Plan: plan }] = answer?.['QUERY PLAN'] as [{ Plan: PlanNode }];
      const searched = text.includes('search_document');
      const matched = searched ? maxMatched * (rows.get('search_document') ?? 0) : 0;
      for (const fault of faultsOf(plan, rows, Math.max(maxSorted, matched))) {
        faults.push(`${title}: ${fault}`);
      }
    }
    expect(statements.size).toBeGreaterThan(200);
    expect([...new Set(faults)]).toEqual([]);
  });
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Plan Rows': number;
  Plans?: PlanNode[];
}

/** A page has up to a hundred rows and one, for each of some ten parents at once. */
const maxSorted = 1010;

/** Search orders what its words match, which no index can: by how well it matches. */
const maxMatched = 1 / 100;

/** What is wrong with a plan. Exact totals are counted, and counting reads what it counts. */
function faultsOf(node: PlanNode, rows: ReadonlyMap<string, number>, most: number): string[] {
  const type = node['Node Type'];
  const relation = node['Relation Name'] ?? '';
  if (type === 'Aggregate') return [];
  const faults: string[] = [];
  if (type === 'Seq Scan' && (rows.get(relation) ?? 0) > large) {
    faults.push(`reads all of ${relation}`);
  }
  if (type === 'Sort' && node['Plan Rows'] > most) {
    faults.push(`sorts ${node['Plan Rows']} rows`);
  }
  return [...faults, ...(node.Plans ?? []).flatMap((child) => faultsOf(child, rows, most))];
}
