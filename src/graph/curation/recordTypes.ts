/** The nouns of the writing floor and the types of the graph, which are called alike. */
import type { RecordNoun } from '../../knowledge/writing/recordChange.js';
import type { Target } from '../../knowledge/curation/edit.js';
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { badInput } from '../errors.js';
import { decodeGlobalId, type NodeType } from '../relay/globalId.js';

export const recordTypeNames = {
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

export type RecordTypeName = keyof typeof recordTypeNames;

export const typeOf = (noun: RecordNoun): RecordTypeName =>
  types.find((type) => recordTypeNames[type] === noun) ?? 'Person';

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
    noun: recordTypeNames[type],
    name: { id: key },
    ...(typeof expectedRevision === 'number' && { expectedRevision }),
  };
}

// Private:

const types = Object.keys(recordTypeNames) as RecordTypeName[];

const isCurated = (type: NodeType): type is RecordTypeName => type in recordTypeNames;
