/**
 * Cursors: keyset positions, so that a page keeps its position while rows are added. They are
 * opaque to clients.
 */
import type { SortKey } from '../../knowledge/reading/collection.js';
import type { Keyset } from '../../knowledge/reading/page.js';
import { badInput, quoted } from '../errors.js';

export const encodeCursor = (order: string, { sort, id }: Keyset): string =>
  Buffer.from(JSON.stringify([order, sort, id])).toString('base64url');

/** @throws BAD_USER_INPUT naming `argument` for a malformed cursor, or one of another order. */
export function decodeCursor(
  cursor: string,
  order: string,
  type: SortKey['type'] | null,
  argument: string,
): Keyset {
  const [cursorOrder, sort, id] = parse(cursor);
  if (typeof id === 'string' && uuid.test(id) && cursorOrder === order && hasForm(sort, type)) {
    return { sort, id };
  }
  if (typeof cursorOrder === 'string' && cursorOrder !== order) {
    throw badInput(
      argument,
      `is a cursor of this list ordered by ${cursorOrder}, but it is ordered by ${order} now; keep orderBy the same from page to page`,
    );
  }
  throw badInput(argument, `must be a cursor of this list, but is ${quoted(cursor)}`);
}

// Private:

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const forms = {
  text: /^[^\0]*$/,
  date: /^(\d{4}-\d{2}-\d{2}|-infinity)$/,
  integer: /^\d{1,9}$/,
};

const hasForm = (sort: unknown, type: SortKey['type'] | null): sort is string | null =>
  type === null ? sort === null : typeof sort === 'string' && forms[type].test(sort);

function parse(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
