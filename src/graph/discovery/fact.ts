/** References of a fact that may be of several types. */
import { referenceListing } from '../reference.js';
import { connection } from '../relay/connection.js';
import type { NodeType } from '../relay/globalId.js';
import { recordTypes, type RecordTypeName } from '../../knowledge/model/recordTypes.js';

/** The relation of references to a record of each type. No statement has the key of an article. */
const relations = {
  ...(Object.fromEntries(
    Object.values(recordTypes).map(({ graphqlName, arc }) => [
      graphqlName,
      arc === 'articleId' ? 'statement' : arc.replace(/Id$/, ''),
    ]),
  ) as Record<RecordTypeName, FactRelation>),
  DatedOfficeStatus: 'officeStatus',
} as const satisfies Partial<Record<NodeType, FactRelation>>;

type FactRelation = 'entity' | 'officeStatus' | 'position' | 'membership' | 'event' | 'statement';

export type FactType = keyof typeof relations;

/** The options of a field that lists the references of a fact. */
export const factReferences = <Parent>(
  description: string,
  factOf: (parent: Parent) => { type: FactType; id: string },
) =>
  connection(referenceListing, {
    description,
    list: ({ references }) => references,
    parent: (parent: Parent) => {
      const { type, id } = factOf(parent);
      return { relation: relations[type], id };
    },
  });
