/** The records that arguments and input fields of mutations name, by global id or by slug. */
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import type { RecordName, Target } from '../../knowledge/history/target.js';
import {
  describeTargets,
  recordTypeByEnum,
  recordTypeByName,
  recordTypes,
  type LinkTarget,
  type RecordType,
  type RecordTypeName,
} from '../../knowledge/model/recordTypes.js';
import { invalid } from '../../knowledge/validation/editErrors.js';
import { show } from '../../knowledge/validation/report.js';
import {
  looksLikeGlobalId,
  parseGlobalId,
  type GlobalId,
  type NodeType,
} from '../relay/globalId.js';

/**
 * The record that a mutation is about.
 *
 * @param type The type that it must be of; without it, a record of any type.
 * @throws InvalidEdit for what is neither an id of such a record nor a slug
 */
export function target(
  text: string,
  path: string,
  type?: RecordType,
  expectedRevision?: number | null,
): Target {
  const revision = typeof expectedRevision === 'number' ? { expectedRevision } : {};
  if (!looksLikeGlobalId(text)) {
    if (type && !recordTypes[type].slugSpace) {
      const { singular } = recordTypes[type];
      const message = `must be the id of ${withArticle(singular)}, which has no slug, but is ${show(text)}`;
      throw invalid(path, 'INVALID_ID', message);
    }
    return { recordType: type, name: { slug: text }, ...revision };
  }
  const { type: found, id } = decoded(text, path);
  const wanted = type ? recordTypes[type].singular : 'record';
  if (!isRecordType(found) || (type && recordTypeByName[found] !== type)) {
    const message = `must be the id of ${withArticle(wanted)}, but is that of ${withArticle(wordsOf(found))}`;
    throw invalid(path, 'WRONG_TYPE', message);
  }
  return { recordType: recordTypeByName[found], name: { id }, ...revision };
}

/**
 * The record that a field of an input links to.
 *
 * @throws InvalidEdit for a malformed id, or the id of a record of another type
 */
export function linked(text: string, path: string, targets: readonly LinkTarget[]): RecordName {
  if (!looksLikeGlobalId(text)) return { slug: text };
  const { type, id } = decoded(text, path);
  if (targets.some((each) => recordTypes[recordTypeByEnum[each]].graphqlName === type)) {
    return { id };
  }
  const message = `must be the id or slug of ${describeTargets(targets)}, but is the id of ${withArticle(wordsOf(type))}`;
  throw invalid(path, 'WRONG_TYPE', message);
}

/**
 * The key in a global id of one type that is no record, such as a reference.
 *
 * @throws InvalidEdit for any other text
 */
export function keyOf(text: string, path: string, type: NodeType): string {
  const { type: found, id } = decoded(text, path);
  if (found === type) return id;
  const message = `must be the id of ${withArticle(wordsOf(type))}, but is that of ${withArticle(wordsOf(found))}`;
  throw invalid(path, 'WRONG_TYPE', message);
}

// Private:

function decoded(text: string, path: string): GlobalId {
  const id = parseGlobalId(text);
  if (id) return id;
  const message = `must be an id as this API gave it, or a slug where the record has one, but is ${show(text)}`;
  throw invalid(path, 'INVALID_ID', message);
}

const isRecordType = (type: NodeType): type is RecordTypeName => type in recordTypeByName;
