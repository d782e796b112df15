/** Finds entities that may be duplicates. It only reports them: editors decide. */
import { sql, type SQL } from 'drizzle-orm';
import { readRows, type Database } from '../../database/database.js';
import { daysOf } from '../values/partialDate.js';
import type { EntityType } from '../model/recordTypes.js';

export interface Duplicate {
  type: EntityType;
  /** Similarity of the most similar pair of names, from 0 to 1. */
  score: number;
  one: Candidate;
  other: Candidate;
}

export interface Candidate {
  slug: string;
  name: string;
}

export interface DuplicateOptions {
  /** Minimum similarity of a pair. Default 0.7. */
  least?: number | undefined;
  type?: EntityType | undefined;
}

/**
 * Pairs of entities of one type that have similar names and compatible dates of birth and death,
 * the most similar first.
 *
 * Only names that are equal, or have an uncommon word in common, are compared. Words are compared
 * by their consonants, so that Stoltenburg matches Stoltenberg.
 */
export async function findDuplicates(
  { db }: Database,
  { least = 0.7, type }: DuplicateOptions = {},
): Promise<Duplicate[]> {
  const best = new Map<string, Duplicate>();
  for (const pair of await readRows<Pair>(db, candidatePairs(type))) {
    if (!mayBeOne(pair)) continue;
    const score = likeness(pair.one_key, pair.other_key);
    const key = `${pair.one} ${pair.other}`;
    if (score < least || score <= (best.get(key)?.score ?? 0)) continue;
    best.set(key, {
      type: pair.type,
      score,
      one: { slug: pair.one, name: pair.one_name },
      other: { slug: pair.other, name: pair.other_name },
    });
  }
  return [...best.values()].sort((a, b) => b.score - a.score || (a.one.slug < b.one.slug ? -1 : 1));
}

/** Similarity of two texts: Jaccard's index of their trigrams, as in pg_trgm; word order is ignored. */
export function likeness(a: string, b: string): number {
  const [first, second] = [trigrams(a), trigrams(b)];
  let common = 0;
  for (const trigram of first) if (second.has(trigram)) common++;
  const all = first.size + second.size - common;
  return all === 0 ? 0 : common / all;
}

// Private:

interface Pair {
  type: EntityType;
  one: string;
  other: string;
  one_name: string;
  other_name: string;
  /** The names compared, folded. */
  one_key: string;
  other_key: string;
  one_birth: string | null;
  other_birth: string | null;
  one_death: string | null;
  other_death: string | null;
}

/** Words that more names have than this are too common to suggest a duplicate. */
const maxPerWord = 30;

const candidatePairs = (type: EntityType | undefined): SQL => sql`
  with key as (
    select e.id, e.type, k.key from entity e
      join lateral (
        select e.sort_name as key
        union select n.sort_name from entity_name n where n.entity_id = e.id) k on k.key <> ''
      where e.live ${type ? sql`and e.type = ${type}` : sql``}),
  block as (
    select id, type, key, '=' || key as word from key
    union
    select id, type, key, word from (
      select id, type, key,
        left(w, 1) || translate(substr(w, 2), 'aeiouyhw', '') as word
      from key, regexp_split_to_table(key, ' ') w where length(w) > 2) words
    where length(word) > 2),
  distinctive as (
    select type, word from block group by type, word
    having count(distinct id) between 2 and ${maxPerWord}),
  pair as (
    select distinct a.type, a.id as one, b.id as other, a.key as one_key, b.key as other_key
    from distinctive join block a using (type, word) join block b using (type, word)
    where a.id < b.id)
  select pair.type, one.slug as one, other.slug as other,
    one.name as one_name, other.name as other_name, one_key, other_key,
    p.birth_date as one_birth, q.birth_date as other_birth,
    p.death_date as one_death, q.death_date as other_death
  from pair join entity one on one.id = pair.one join entity other on other.id = pair.other
    left join person p on p.id = pair.one left join person q on q.id = pair.other`;

const mayBeOne = (pair: Pair): boolean =>
  meet(pair.one_birth, pair.other_birth) &&
  meet(pair.one_death, pair.other_death) &&
  !isBefore(pair.one_death, pair.other_birth) &&
  !isBefore(pair.other_death, pair.one_birth);

/** Whether two dates can denote the same day. */
function meet(a: string | null, b: string | null): boolean {
  const [first, second] = [a && daysOf(a), b && daysOf(b)];
  return !first || !second || (first.first <= second.last && second.first <= first.last);
}

function isBefore(a: string | null, b: string | null): boolean {
  const [first, second] = [a && daysOf(a), b && daysOf(b)];
  return Boolean(first && second && first.last < second.first);
}

function trigrams(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of text.split(' ')) {
    const padded = `  ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
  }
  return found;
}
