/** The nouns of the writing floor and the types of the graph, which are called alike. */
import type { RecordNoun } from '../../knowledge/writing/draft.js';
import type { Target } from '../../knowledge/curation/edit.js';
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { badInput } from '../errors.js';
import { decodeGlobalId, type NodeType } from '../relay/globalId.js';

export const nouns = {
  Organization: 'organizations',
  Person: 'people',
  Office: 'offices',
  Place: 'places',
  Article: 'articles',
  Event: 'events',
  Position: 'positions',
  Membership: 'memberships',
  Statement: 'statements',
} as const satisfies Partial<Record<NodeType, RecordNoun>>;

export type CuratedType = keyof typeof nouns;

export const typeOf = (noun: RecordNoun): CuratedType =>
  types.find((type) => nouns[type] === noun) ?? 'Person';

/**
 * The record that an id of the graph names.
 *
 * @throws BAD_USER_INPUT where it is none that can be changed
 */
export function target(id: string, argument: string, expectedRevision?: number | null): Target {
  const { type, id: key } = decodeGlobalId(id, argument);
  if (!isCurated(type)) {
    throw badInput(
      argument,
      `must be the id of a record, but is that of ${withArticle(wordsOf(type))}`,
    );
  }
  return {
    noun: nouns[type],
    name: { id: key },
    ...(typeof expectedRevision === 'number' && { expectedRevision }),
  };
}

// Private:

const types = Object.keys(nouns) as CuratedType[];

const isCurated = (type: NodeType): type is CuratedType => type in nouns;
