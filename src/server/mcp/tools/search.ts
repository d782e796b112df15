/** The tool `search`: records by words. */
import { z } from 'zod';
import { clip, compact, named, Sources, write } from '../answer.js';
import type { ArticleData, NamedData, PassagesData } from '../answer.js';
import { fit, tokensArgument, type Detail } from '../budget.js';
import { cursorArgument, leftOf, positionAt } from '../cursor.js';
import { searchRecords } from '../operations.js';
import { defineTool } from '../tool.js';

const types = ['ARTICLE', 'STATEMENT', 'ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE', 'POSITION'];

const input = z.strictObject({
  query: z.string().min(1).max(1000).describe('Words; "a phrase", or, -without'),
  types: z.array(z.enum(types)).min(1).optional(),
  from: z.string().max(40).optional().describe('Said, published or begun in or after: 2023-05'),
  to: z.string().max(40).optional(),
  after: cursorArgument.describe('A cursor from `more`'),
  maxTokens: tokensArgument,
});

export const search = defineTool({
  name: 'search',
  title: 'Search',
  description:
    'Finds organizations, people, offices, places, posts, statements and articles by words, tolerant of misspellings, best first. Use it to find slugs for the other tools.',
  input,
  async run({ query, types: recordType, from, to, after, maxTokens }, reader) {
    const position = positionAt(after);
    const filter = { recordType, ...((from ?? to) && { date: { from, to } }) };
    const { search: found } = await reader.read<{ search: Hits }>(searchRecords, {
      ...{ query, filter, after: position.after },
      first: pageSize,
    });
    return fit(found.edges.length, maxTokens, (count, detail) => {
      const sources = new Sources(reader, detail);
      const more = leftOf(found, count, position);
      return write({
        totalCount: found.totalCount,
        hits: found.edges.slice(0, count).map(({ node }) => hitItem(node, sources, detail)),
        sources: sources.toJSON(),
        more: more && { ...more, how: 'the same arguments and this after, or more maxTokens' },
      });
    });
  },
});

// Private:

const pageSize = 20;

interface Hits {
  totalCount: number;
  edges: { cursor: string; node: Hit }[];
}

interface Hit {
  score: number;
  passage: { text: string };
  node: HitRecord | null;
}

/** The fields of each type that a hit has. */
type HitRecord = { __typename: string; id: string; caption: string } & Partial<
  Omit<ArticleData, 'id'> & {
    description: string | null;
    references: PassagesData;
    text: string;
    saidOn: string | null;
    speaker: NamedData | null;
    start: string | null;
    end: string | null;
    person: NamedData | null;
    organization: NamedData | null;
  }
>;

function hitItem({ score, passage, node }: Hit, sources: Sources, detail: Detail) {
  const rounded = Math.round(score * 100) / 100;
  if (!node) return { type: 'deleted meanwhile', score: rounded };
  const { __typename: type, id, caption, slug, description, text } = node;
  const common = { type, score: rounded, slug, id };
  if (type === 'Article') {
    return compact({
      ...common,
      match: clip(passage.text, detail),
      article: sources.keyOf(node as ArticleData),
    });
  }
  return compact({
    ...common,
    [type === 'Statement' ? 'text' : 'name']: clip(text ?? caption, detail),
    description: clip(description, { characters: 120 }),
    ...{ speaker: named(node.speaker), saidOn: node.saidOn },
    ...{ person: named(node.person), organization: named(node.organization) },
    ...{ start: node.start, end: node.end },
    ...sources.passages(node.references),
  });
}
