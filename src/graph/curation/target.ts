/** The target of an edit, by the global id that the client sends. */
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { badInput } from '../errors.js';
import { decodeGlobalId, type NodeType } from '../relay/globalId.js';
import { type RecordTypeName, recordTypeByName } from '../../knowledge/model/recordTypes.js';
import type { Target } from '../../knowledge/history/target.js';

/**
 * The record of a global id.
 *
 * @throws BAD_USER_INPUT for a type of record that cannot be edited
 */
export function target(id: string, argument: string, expectedRevision?: number | null): Target {
  const { type, id: key } = decodeGlobalId(id, argument);
  if (!isEditable(type)) {
    throw badInput(
      argument,
      `must be the id of a record, but is that of ${withArticle(wordsOf(type))}`,
    );
  }
  return {
    recordType: recordTypeByName[type],
    name: { id: key },
    ...(typeof expectedRevision === 'number' && { expectedRevision }),
  };
}

// Private:

const isEditable = (type: NodeType): type is RecordTypeName => type in recordTypeByName;
