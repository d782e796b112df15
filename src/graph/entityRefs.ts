import type { RecordRef } from '../knowledge/entity.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { decodeGlobalId, looksLikeGlobalId } from './relay/globalId.js';

/** A record named by a client, who may use its global id or its slug. */
export const recordRef = (name: string, argument: string): RecordRef =>
  looksLikeGlobalId(name) ? { id: decodeGlobalId(name, argument).id } : { slug: name };

/** The keys of the entities that a filter names; undefined where it names none at all. */
export const entityKeys = async (
  names: readonly string[] | null | undefined,
  argument: string,
  { entities }: Knowledge,
): Promise<string[] | undefined> =>
  names ? entities.resolve(names.map((name) => recordRef(name, argument))) : undefined;
