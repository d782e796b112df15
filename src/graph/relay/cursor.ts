/**
 * Cursors: the position of a row in a list, not its number, so that a page keeps its place
 * while rows are added. Clients must not look inside.
 */
import type { Keyset } from '../../knowledge/reading/page.js';
import { badInput, quoted } from '../errors.js';

export const encodeCursor = (order: string, { sort, id }: Keyset): string =>
  Buffer.from(JSON.stringify([order, sort, id])).toString('base64url');

/** @throws BAD_USER_INPUT naming `argument` when the cursor is none, or one of another order. */
export function decodeCursor(cursor: string, order: string, argument: string): Keyset {
  const [madeFor, sort, id] = parse(cursor);
  if (typeof id !== 'string' || !uuid.test(id) || !(sort === null || typeof sort === 'string')) {
    throw badInput(argument, `must be a cursor of this list, but is ${quoted(cursor)}`);
  }
  if (madeFor !== order) {
    throw badInput(
      argument,
      `is a cursor of this list ordered by ${String(madeFor)}, but it is ordered by ${order} now; keep orderBy the same from page to page`,
    );
  }
  return { sort, id };
}

// Private:

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function parse(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
