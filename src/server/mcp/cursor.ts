/** Cursors of the tools: that of the GraphQL connection, and how many items were before it, so that what is left is counted. */
import { z } from 'zod';
import { ToolError } from './toolError.js';

export const cursorArgument = z.string().max(500).optional();

export interface Position {
  /** How many items pages before this one had. */
  seen: number;
  /** The cursor of the last of them. */
  after: string | undefined;
}

/** @throws ToolError for what is no cursor of a tool */
export function positionAt(cursor: string | undefined): Position {
  if (cursor === undefined) return { seen: 0, after: undefined };
  const [, seen, after] = /^(\d{1,9})\.(.+)$/s.exec(cursor) ?? [];
  if (seen === undefined) {
    throw new ToolError(
      'after is not a cursor: give one of `more` from the answer before, as it is.',
    );
  }
  return { seen: Number(seen), after };
}

interface Edges {
  totalCount: number;
  edges: readonly { cursor: string }[];
}

/** What is left of a list after the first `count` items of a page; undefined if nothing is. */
export function leftOf(
  { totalCount, edges }: Edges,
  count: number,
  { seen, after }: Position,
): { left: number; after?: string } | undefined {
  const left = totalCount - seen - count;
  if (left <= 0) return undefined;
  const cursor = edges[count - 1]?.cursor ?? after;
  return { left, ...(cursor !== undefined && { after: `${seen + count}.${cursor}` }) };
}
