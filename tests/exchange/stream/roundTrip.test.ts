import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../support/databases.js';
import { dump, importAll } from './support.js';

type Made = Record<string, unknown> & { type: string };

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map(storable)
  .filter((value) => value.trim() !== '');
const date = fc
  .tuple(
    fc.integer({ min: 1000, max: 2100 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.nat(2),
  )
  .map(([year, month, day, parts]) =>
    [String(year), String(month).padStart(2, '0'), String(day).padStart(2, '0')]
      .slice(0, parts + 1)
      .join('-'),
  );
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const life = { status: maybe(fc.constantFrom('DRAFT', 'PUBLISHED')) };
const number = (most: number) => fc.nat(most);

/** PostgreSQL stores no NUL and no half of a surrogate pair. */
function storable(value: string): string {
  return value.replace(/\0|\p{Surrogate}/gu, '');
}

/** What is needed to make a knowledge base; the numbers become links to what there is. */
const parts = fc.record({
  places: fc.array(
    fc.record({
      name: text,
      kind: fc.constantFrom('COUNTRY', 'REGION', 'CITY'),
      latitude: maybe(fc.double({ min: -90, max: 90, noNaN: true })),
      within: maybe(number(9)),
      ...life,
    }),
    { minLength: 1, maxLength: 5 },
  ),
  organizations: fc.array(
    fc.record({
      name: text,
      kind: fc.constantFrom('ALLIANCE', 'PARTY'),
      description: maybe(text),
      home: maybe(number(9)),
      parent: maybe(number(9)),
      identifier: maybe(text),
      ...life,
    }),
    { minLength: 1, maxLength: 5 },
  ),
  people: fc.array(
    fc.record({
      name: text,
      birthDate: maybe(date),
      names: maybe(fc.uniqueArray(text, { maxLength: 3 })),
      ...life,
    }),
    { minLength: 1, maxLength: 5 },
  ),
  offices: fc.array(
    fc.record({
      name: text,
      organization: number(9),
      place: maybe(number(9)),
      staffCount: maybe(fc.nat(1000)),
      opened: maybe(date),
      ...life,
    }),
    { maxLength: 4 },
  ),
  articles: fc.array(
    fc.record({
      title: text,
      words: fc.array(text, { minLength: 1, maxLength: 6 }),
      publishedOn: maybe(date),
      publisher: maybe(number(9)),
      mentioned: maybe(number(9)),
      ...life,
    }),
    { minLength: 1, maxLength: 4 },
  ),
  positions: fc.array(
    fc.record({
      person: number(9),
      organization: number(9),
      start: maybe(date),
      cites: maybe(number(9)),
      ...life,
    }),
    { maxLength: 4 },
  ),
  statements: fc.array(
    fc.record({
      article: number(9),
      speaker: number(9),
      text,
      about: fc.uniqueArray(number(4), { maxLength: 3 }),
      quotes: fc.boolean(),
      ...life,
    }),
    { maxLength: 5 },
  ),
});

type Parts = typeof parts extends fc.Arbitrary<infer Value> ? Value : never;

function recordsOf(given: Parts): Made[] {
  const at = (list: unknown[], i: number | undefined, name: string) =>
    i === undefined ? undefined : `${name}-${i % list.length}`;
  const { places, organizations, people, articles } = given;
  const passage = (i: number) => {
    const article = i % articles.length;
    return { article: `article-${article}`, exact: `Passage ${article} of it.` };
  };
  return [
    ...places.map(({ within, latitude, ...place }, i) => ({
      type: 'Place',
      slug: `place-${i}`,
      ...place,
      ...(latitude !== undefined && { latitude, longitude: -latitude }),
      // A place lies in one that was made before it, so that there are no circles.
      within: within === undefined || i === 0 ? undefined : `place-${within % i}`,
    })),
    ...organizations.map(({ home, parent, identifier, ...organization }, i) => ({
      type: 'Organization',
      slug: `organization-${i}`,
      ...organization,
      home: at(places, home, 'place'),
      parent: parent === undefined || i === 0 ? undefined : `organization-${parent % i}`,
      ...(identifier !== undefined && { identifiers: { test: `${identifier} ${i}` } }),
    })),
    ...people.map(({ names, ...person }, i) => ({
      type: 'Person',
      slug: `person-${i}`,
      ...person,
      ...(names && {
        names: [...new Set(names.map((name) => name.trim()))].map((name) => ({ name })),
      }),
      references: [passage(i)],
    })),
    ...given.offices.map(({ organization, place, opened, ...office }, i) => ({
      type: 'Office',
      slug: `office-${i}`,
      kind: 'LIAISON',
      ...office,
      organization: at(organizations, organization, 'organization'),
      place: at(places, place, 'place'),
      ...(opened && { statuses: [{ status: 'OPEN', start: opened, references: [passage(i)] }] }),
    })),
    ...articles.map(({ words, publisher, mentioned, ...article }, i) => ({
      type: 'Article',
      slug: `article-${i}`,
      ...article,
      body: `Passage ${i} of it. ${words.join(' – ')}`,
      publisher: at(organizations, publisher, 'organization'),
      mentions:
        mentioned === undefined
          ? undefined
          : [{ entity: at(people, mentioned, 'person'), ranges: [[0, 1]] }],
    })),
    ...given.positions.map(({ person, organization, cites, ...position }, i) => ({
      type: 'Position',
      ...position,
      title: `Post ${i}`,
      kind: 'OFFICIAL',
      person: at(people, person, 'person'),
      organization: at(organizations, organization, 'organization'),
      references: cites === undefined ? undefined : [passage(cites)],
    })),
    ...given.statements.map(({ article, speaker, about, quotes, ...statement }, i) => ({
      type: 'Statement',
      ...statement,
      // A speaker's own words are those of the article; the words in brackets distinguish statements.
      ...(quotes
        ? { kind: 'DIRECT', text: `Passage ${article % articles.length} [${i}] of it.` }
        : { kind: 'INDIRECT', text: `${statement.text} ${i}` }),
      article: at(articles, article, 'article'),
      speaker: at(people, speaker, 'person'),
      about: [...new Set(about.map((each) => at(places, each, 'place')))],
      references: quotes ? [passage(article)] : undefined,
    })),
  ];
}

describeOnEachDatabase('any knowledge base', ({ engine, open }) => {
  const numRuns = engine === 'PGlite' ? 4 : 20;

  it('comes back from its export as it was', async () => {
    const knowledge = parts.map(recordsOf);
    await fc.assert(
      fc.asyncProperty(knowledge, fc.infiniteStream(fc.nat()), async (records, order) => {
        const [one, other] = [await open(), await open()];
        try {
          const first = await importAll(one, shuffled(records, order));
          expect(first.rejections).toEqual([]);
          const before = await dump(one);
          expect(before).toHaveLength(records.length);
          const lines = shuffled(before, order).map((line) => JSON.parse(line) as object);
          const second = await importAll(other, lines);
          expect(second.rejections).toEqual([]);
          expect(await dump(other)).toEqual(before);
        } finally {
          await one.close();
          await other.close();
        }
      }),
      // A knowledge base takes too long to make for hundreds of smaller ones.
      { numRuns, endOnFailure: true },
    );
  });
});

function shuffled<Item>(items: readonly Item[], order: Iterator<number>): Item[] {
  const left = [...items];
  const result: Item[] = [];
  while (left.length > 0)
    result.push(...left.splice((order.next().value as number) % left.length, 1));
  return result;
}
