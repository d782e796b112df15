/** The tool `statements`: who said what about whom, with the passages that prove it. */
import { z } from 'zod';
import { Sources, write } from '../answer.js';
import { fit, tokensArgument } from '../budget.js';
import { cursorArgument, leftOf, positionAt } from '../cursor.js';
import { slugNamed } from '../entities.js';
import { factItem, type StatementData } from '../factItems.js';
import { readStatements } from '../operations.js';
import { defineTool } from '../tool.js';

const entity = z.string().min(1).max(300).optional();

const input = z.strictObject({
  speaker: entity.describe('Slug, id or name of the speaker'),
  about: entity.describe('Slug, id or name of the subject'),
  onBehalfOf: entity.describe('Slug, id or name of the one it was made for'),
  kind: z.array(z.enum(['DIRECT', 'INDIRECT', 'MIXED'])).optional(),
  from: z.string().max(40).optional().describe('Said in or after: 2023, 2023-05, 2023-05-03'),
  to: z.string().max(40).optional().describe('Said in or before'),
  after: cursorArgument.describe('A cursor from `more`'),
  maxTokens: tokensArgument,
});

export const statements = defineTool({
  name: 'statements',
  title: 'Who said what',
  description:
    'Statements by a speaker, about a subject or on behalf of someone, newest first, each with the passage of the article that reports it.',
  input,
  async run({ speaker, about, onBehalfOf, kind, from, to, after, maxTokens }, reader) {
    const position = positionAt(after);
    const [by, on, behalf] = await Promise.all([
      slugNamed(reader, speaker),
      slugNamed(reader, about),
      slugNamed(reader, onBehalfOf),
    ]);
    const filter = {
      ...(by && { speaker: [by] }),
      ...(on && { about: [on] }),
      ...(behalf && { onBehalfOf: [behalf] }),
      ...(kind && { kind }),
      ...((from ?? to) && { saidOn: { from, to } }),
    };
    const { statements: list } = await reader.read<{ statements: Statements }>(readStatements, {
      ...{ filter, after: position.after },
      first: pageSize,
    });
    return fit(list.edges.length, maxTokens, (count, detail) => {
      const sources = new Sources(reader, detail);
      const shown = list.edges.slice(0, count);
      const more = leftOf(list, count, position);
      return write({
        totalCount: list.totalCount,
        statements: shown.map(({ node }) => factItem(node, sources, detail)),
        sources: sources.toJSON(),
        more: more && { ...more, how: 'the same arguments and this after, or more maxTokens' },
      });
    });
  },
});

// Private:

const pageSize = 40;

interface Statements {
  totalCount: number;
  edges: { cursor: string; node: StatementData }[];
}
