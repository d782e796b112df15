/** A person whom every type of record mentions, now and in the past, and a search of every column. */
import { sql } from 'drizzle-orm';
import { readRows, type Database } from '../../src/database/database.js';
import type { KnowledgeBase } from '../support/knowledgeBase.js';
import { mutationOf, make, mutate } from '../curation/support.js';

/** Occurs in every text about the person, and in no other. */
export const marker = 'zqxann';

const M = 'Zqxann';

/** Where a marker is: `public.entity.name`, each once. */
export async function columnsWith(database: Database, text: string): Promise<string[]> {
  const columns = await readRows<{ schema: string; table: string; column: string }>(
    database.db,
    sql`select table_schema as schema, table_name as table, column_name as column
      from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1, 2, 3`,
  );
  const found: string[] = [];
  for (const { schema, table, column } of columns) {
    const [is] = await readRows<{ there: boolean }>(
      database.db,
      sql`select exists (select from ${sql.identifier(schema)}.${sql.identifier(table)}
        where position(${text} in lower(${sql.identifier(column)}::text)) > 0) as there`,
    );
    if (is?.there) found.push(`${schema}.${table}.${column}`);
  }
  const [stats] = await readRows<{ there: boolean }>(
    database.db,
    sql`select exists (select from pg_stats where position(${text} in lower(
      coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '') || coalesce(most_common_elems::text, ''))) > 0) as there`,
  );
  if (stats?.there) found.push('pg_stats');
  return found;
}

export interface World {
  person: string;
  article: string;
  about: string;
  own: string;
  acme: string;
}

/** Fills a base with the person, and with others that name them. */
export async function fill(base: KnowledgeBase): Promise<World> {
  const edit = (call: string) =>
    mutate(base, `mutation { ${call} { __typename ... on MutationError { message } } }`).then(
      (result) => {
        if ('message' in result) throw new Error(`${call}: ${JSON.stringify(result)}`);
      },
    );
  const { id: acme } = await make(base, 'Organization', '{ name: "Acme", kind: COMPANY }');
  await make(base, 'Place', '{ name: "Bern", kind: CITY }');
  const { id: person } = await make(
    base,
    'Person',
    `{ slug: "${marker}-smith", name: "${M} Smith", description: "${M} was born in Bern",
       urls: ["https://${marker}.example/"], birthDate: "1970",
       names: [{ name: "${M} Jones", kind: FORMER }], identifiers: [{ scheme: "wikidata", value: "Q99887766" }, { scheme: "seat", value: "${marker}-1" }] }`,
  );
  const { id: article } = await make(
    base,
    'Article',
    `{ slug: "news", title: "${M} Smith speaks", byline: "by ${M} Smith", publisher: "acme", publishedOn: "2023-05-03",
       language: "en", body: "In Bern, ${M} Smith said that Acme grows. ${M} left. Acme thanked ${M} Smith.",
       mentions: [{ entity: "${marker}-smith" }, { entity: "acme" }] }`,
  );
  await make(
    base,
    'Event',
    `{ slug: "meeting", name: "Meeting with ${M} Smith", kind: MEETING,
    description: "${M} Smith met Acme", start: "2023", participants: ["${marker}-smith", "acme"] }`,
  );
  await make(
    base,
    'Position',
    `{ person: "${marker}-smith", organization: "acme", title: "${M} chair", kind: OTHER, start: "2020",
       references: [{ article: "news", exact: "${M} Smith said that Acme grows" }] }`,
    { fields: 'id' },
  );
  const { id: own } = await make(
    base,
    'Statement',
    `{ article: "news", speaker: "${marker}-smith", kind: INDIRECT, text: "${M} says Acme grows", about: ["acme"],
       references: [{ article: "news", exact: "said that Acme grows" }] }`,
    { fields: 'id' },
  );
  const { id: about } = await make(
    base,
    'Statement',
    `{ article: "news", speaker: "acme", kind: INDIRECT, text: "Acme thanks ${M} Smith", about: ["${marker}-smith"],
       audience: ["${marker}-smith"], occasion: "when ${M} Smith left", references: [{ article: "news", exact: "Acme thanked ${M} Smith" }] }`,
    { fields: 'id' },
  );
  await make(
    base,
    'Statement',
    `{ article: "news", speaker: "acme", kind: INDIRECT, text: "Acme grows, as ${M} Smith says" }`,
    { fields: 'id' },
  );
  await edit(`updateOrganization(id: "${acme}", reason: "${M} Smith asked", input: { description: "Founded by ${M} Smith",
    addReferences: [{ article: "news", exact: "${M} left", prefix: "grows. ", suffix: " Acme thanked ${M}" }] })`);
  // What was known earlier, and is no more.
  await edit(
    `updatePerson(id: "${person}", input: { description: "${M} was born elsewhere", names: [{ name: "${M} Smythe" }] })`,
  );
  await edit(
    `updateOrganization(id: "${acme}", input: { description: "Founded by nobody of the name ${M} Smith" })`,
  );
  await edit(
    `updateArticle(id: "${article}", input: { body: "In Bern, ${M} Smith said that Acme grows. Later ${M} left. Acme thanked ${M} Smith." })`,
  );
  const { id: double } = await make(
    base,
    'Person',
    `{ slug: "${marker}-double", name: "${M} Double", description: "also ${M}" }`,
  );
  await edit(`merge(from: "${double}", into: "${person}", idempotencyKey: "merging")`);
  const { id: post } = await make(
    base,
    'Position',
    `{ person: "${marker}-smith", organization: "acme", title: "${M} deputy", kind: OTHER, start: "2010" }`,
    { fields: 'id' },
  );
  await edit(`delete(id: "${post}", reason: "${M} was none")`);
  await mutate(
    base,
    mutationOf(
      `createPerson(idempotencyKey: "draft", publicationStatus: DRAFT, input: { name: "${M} draft" })`,
      'PersonPayload { revision }',
    ),
  );
  return { person, article, about, own, acme };
}

/** Texts in the world that no name of the person covers. */
export const otherWords = [M];
