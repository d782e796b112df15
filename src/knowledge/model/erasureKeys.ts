/**
 * Keys that recognize erased records: keyed hashes of slug, identifiers and URL, and of the fields
 * that identify a fact. The random salt is stored beside them: the hashes protect against reading
 * the table, but not against guessing the values.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { erasedKey, erasure } from '../../database/tables/index.js';
import { texts, uuids } from '../reading/keys.js';
import { identifierKey as keyOfIdentifier, type Identifier } from '../values/identifiers.js';
import type { SlugSpace } from './recordTypes.js';

export interface RecordKeys {
  id: string;
  space: SlugSpace | null;
  slug: string | null;
  identifiers: (Identifier & { type: string })[];
  urls: string[];
  /** See `factKey`. */
  fact: string | null;
}

/** The keys of facts, with the ids of linked records. */
export const factKey = {
  position: (person: string, organization: string, title: string, start: string | null) =>
    `position ${person} ${organization} ${start ?? ''} ${title}`,
  membership: (member: string, organization: string, role: string, start: string | null) =>
    `membership ${member} ${organization} ${start ?? ''} ${role}`,
  statement: (article: string, speaker: string, text: string) =>
    `statement ${article} ${speaker} ${text}`,
};

/** The key of a former value of a record's field. */
export const valueKey = (id: string, field: string, value: string): string =>
  `value ${id} ${field} ${value}`;

export const slugKey = (space: SlugSpace, slug: string): string => `slug ${space} ${slug}`;
export const identifierKey = (identifier: Identifier, type: string | undefined): string =>
  `identifier ${keyOfIdentifier(identifier, type)}`;
export const urlKey = (url: string): string => `url ${url}`;

export const keysOf = ({ space, slug, identifiers, urls, fact }: RecordKeys): string[] => [
  ...(space && slug ? [slugKey(space, slug)] : []),
  ...identifiers.map((each) => identifierKey(each, each.type)),
  ...urls.map(urlKey),
  ...(fact ? [fact] : []),
];

export const hashOf = (salt: string, key: string): string =>
  createHmac('sha256', salt).update(key).digest('base64url');

/** The salts of all stored keys: one, and those of imported tombstones. */
export const saltsOf = async (db: Queryable): Promise<string[]> =>
  (await db.selectDistinct({ salt: erasedKey.salt }).from(erasedKey).orderBy(erasedKey.salt)).map(
    ({ salt }) => salt,
  );

/** Whether there are tombstones, own or imported. */
export const hasErasures = async (db: Queryable): Promise<boolean> =>
  (await db.select({ id: erasure.id }).from(erasure).limit(1)).length > 0;

/** The salt of this knowledge base. */
export const ownSalt = async (db: Queryable): Promise<string> =>
  (await saltsOf(db))[0] ?? randomBytes(32).toString('base64url');

/** The reason and time of an erasure. */
export interface ErasedRecord {
  reason: string;
  at: Date;
  /** Whether it was published. */
  wasPublic: boolean;
}

/** The erasures by key, for those of the keys that were erased. */
export async function findErased(
  db: Queryable,
  keys: readonly string[],
): Promise<Map<string, ErasedRecord>> {
  const found = new Map<string, ErasedRecord>();
  if (keys.length === 0) return found;
  for (const salt of await saltsOf(db)) {
    const byHash = new Map(keys.map((key) => [hashOf(salt, key), key]));
    const { reason, at, wasPublic } = erasure;
    const rows = await db
      .select({ hash: erasedKey.hash, reason, at, wasPublic })
      .from(erasedKey)
      .innerJoin(erasure, eq(erasure.id, erasedKey.erasureId))
      .where(and(eq(erasedKey.salt, salt), equalsAny(erasedKey.hash, texts([...byHash.keys()]))));
    for (const { hash, ...erased } of rows) {
      const key = byHash.get(hash);
      if (key !== undefined) found.set(key, erased);
    }
  }
  return found;
}

/** The fields of existing records that their keys consist of. */
export async function recordsWithKeys(
  db: Queryable,
  records: readonly string[],
): Promise<RecordKeys[]> {
  const ids = uuids(records);
  const rows = await readRows<Omit<RecordKeys, 'fact'> & { fact: string[] | null }>(
    db,
    sql`select e.id, 'entity' as space, e.slug,
        (select coalesce(json_agg(json_build_object('scheme', scheme, 'value', value, 'source', source, 'type', e.type)), '[]')
          from (select entity_id, scheme, value, source from entity_identifier
            union select entity_id, scheme, value, source from history.entity_identifier) i
          where i.entity_id = e.id) as identifiers,
        '[]'::json as urls, null::json as fact
      from entity e where e.id = any(${ids})
      union all select a.id, 'article', a.slug, '[]',
        array_to_json(array(select url from article where id = a.id and url is not null
          union select url from history.article where id = a.id and url is not null)), null
      from article a where a.id = any(${ids})
      union all select v.id, 'event', v.slug, '[]', '[]', null from event v where v.id = any(${ids})
      union all select p.id, null, null, '[]', '[]', json_build_array('position', p.person_id, p.organization_id, p.title, p.start)
      from "position" p where p.id = any(${ids})
      union all select m.id, null, null, '[]', '[]', json_build_array('membership', m.member_id, m.organization_id, m.role, m.start)
      from membership m where m.id = any(${ids})
      union all select s.id, null, null, '[]', '[]', json_build_array('statement', s.article_id, s.speaker_id, s.text)
      from statement s where s.id = any(${ids})`,
  );
  return rows.map(({ fact, ...row }) => {
    const [kind, one = '', other = '', words = '', start = null] = fact ?? [];
    if (kind === undefined) return { ...row, fact: null };
    const key =
      kind === 'statement'
        ? factKey.statement(one, other, words)
        : factKey[kind as 'position'](one, other, words, start);
    return { ...row, fact: key };
  });
}
