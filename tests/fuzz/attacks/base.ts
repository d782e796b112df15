/** What is in the knowledge base that is attacked: long texts, and many records. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../../support/random.ts';

/** How large the base is and how much is sent: all of it, or as much as a test has time for. */
export interface Scale {
  articles: number;
  /** Letters of an article's body. */
  body: number;
  people: number;
  statements: number;
  /** Records that are made after a client saw its last event. */
  later: number;
  /** How often each attack is sent. */
  requests: number;
}

export const fullScale: Scale = {
  articles: 100,
  body: 60_000,
  people: 15_000,
  statements: 30_000,
  later: 20_000,
  requests: 60,
};

export const smallScale: Scale = {
  articles: 20,
  body: 20_000,
  people: 120,
  statements: 200,
  later: 300,
  requests: 6,
};

export const words =
  'council treaty office summit border alliance minister report budget session envoy harbour election parliament signal mission'.split(
    ' ',
  );

/** Files to import: what is there at the start, and what comes later. */
export async function writeBase(
  folder: string,
  scale: Scale,
): Promise<{ first: string; later: string }> {
  const first = join(folder, 'first.jsonl');
  const later = join(folder, 'later.jsonl');
  await writeFile(first, linesOf([...firstRecords(scale)]));
  const people = Array.from({ length: scale.later }, (_, i) => person(`later-person-${i}`, i));
  await writeFile(later, linesOf(people));
  return { first, later };
}

/** A made-up name. */
export function syllables(number: number): string {
  const parts = ['ba', 'ke', 'lo', 'mi', 'nu', 'ra', 'se', 'ti', 'vo', 'zu'];
  const name = String(number % 100_000).replaceAll(/\d/g, (digit) => parts[Number(digit)] ?? '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** One of a few thousand made-up words of three letters, of which each is in many names. */
export function shortWord(number: number): string {
  const at = (letters: string, by: number): string =>
    letters.charAt(Math.floor(number / by) % letters.length);
  return at('bdfgklmnprst', 1) + at('aeiou', 12) + at('bdfgklmnprst', 60);
}

/** The texts of `count` calls, separated by spaces. */
export const times = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');

// Private:

const linesOf = (records: object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

function* firstRecords(scale: Scale): Generator<object> {
  const random = new Random(14);
  const text = (length: number): string => {
    let made = '';
    while (made.length < length) made += `${random.pick(words)} `;
    return made.slice(0, length - 1) + '.';
  };
  const article = (slug: string, body: string): object => ({
    type: 'Article',
    slug,
    title: `Of ${slug}`,
    publisher: 'attacked-council',
    language: 'en',
    publishedOn: '2023-05-03',
    body,
  });
  yield {
    type: 'Organization',
    slug: 'attacked-council',
    name: 'Attacked Council',
    kind: 'ALLIANCE',
  };
  for (let i = 0; i < 50; i++) {
    yield {
      type: 'Organization',
      slug: `attacked-office-${i}`,
      name: `Attacked Office ${i}`,
      kind: 'ALLIANCE',
      parent: i < 5 ? 'attacked-council' : `attacked-office-${i - 5}`,
    };
  }
  for (let i = 0; i < scale.people; i++) yield person(`attacked-person-${i}`, i);
  yield article('of-a-megabyte', `${text(500_000)} zeppelin ${text(499_000)}`);
  yield article('of-equals', '='.repeat(30_000));
  yield article('of-letters', 'a'.repeat(400_000));
  for (let i = 0; i < scale.articles; i++) yield article(`attacked-article-${i}`, text(scale.body));
  for (let i = 0; i < scale.statements; i++) {
    yield {
      type: 'Statement',
      article: `attacked-article-${i % scale.articles}`,
      speaker: `attacked-person-${i % scale.people}`,
      kind: 'INDIRECT',
      text: `${text(60)} ${i}`,
      language: 'en',
      about: ['attacked-council', `attacked-office-${i % 50}`],
      saidOn: `20${10 + (i % 13)}-0${1 + (i % 9)}`,
    };
  }
}

/** Of each three one has a name of very many short words, for the comparing of which there is much to do. */
const person = (slug: string, i: number): object => ({
  type: 'Person',
  slug,
  name:
    i % 3 === 2
      ? times(12, (n) => shortWord(i * 7919 + n * 104_729))
      : `${syllables(i * 7919)} ${syllables(i * 104_729 + 1)}`,
});
