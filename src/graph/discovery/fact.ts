/** The record that says something, where it may be of several types. */
import { referenceListing } from '../reference.js';
import { connection } from '../relay/connection.js';
import type { NodeType } from '../relay/globalId.js';

/** As which kind of fact references know a record. No statement has the key of an article. */
const relations = {
  Organization: 'entity',
  Person: 'entity',
  Office: 'entity',
  Place: 'entity',
  DatedOfficeStatus: 'officeStatus',
  Position: 'position',
  Membership: 'membership',
  Event: 'event',
  Statement: 'statement',
  Article: 'statement',
} as const satisfies Partial<Record<NodeType, string>>;

export type FactType = keyof typeof relations;

/** The options of a field that lists the passages on which a fact rests. */
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
