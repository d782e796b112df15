/** The tool `path`: how two entities are connected, with the passages that show it. */
import { z } from 'zod';
import { clip, compact, named, Sources, write } from '../answer.js';
import type { ArticleData, NamedData, PassagesData } from '../answer.js';
import { fit, tokensArgument, type Detail } from '../budget.js';
import { entityNamed } from '../entities.js';
import { findPath } from '../operations.js';
import { defineTool } from '../tool.js';

const input = z.strictObject({
  from: z.string().min(1).max(300).describe('Slug, id or name of an entity'),
  to: z.string().min(1).max(300).describe('Slug, id or name of another'),
  maxLength: z.number().int().min(1).max(6).default(4).describe('Steps at most; default 4'),
  asOf: z.string().max(40).optional().describe('Only by facts of this date, such as 2023-05'),
  via: z
    .array(z.string().max(40))
    .min(1)
    .max(20)
    .optional()
    .describe('Only by these relations: POSITION, MEMBERSHIP, STATEMENT_ABOUT, CO_MENTION …'),
  maxTokens: tokensArgument,
});

export const path = defineTool({
  name: 'path',
  title: 'How two entities are connected',
  description:
    'The shortest chain of facts that connects two entities, each step with the passages that prove it, or "none".',
  input,
  async run({ from, to, maxLength, asOf, via, maxTokens }, reader) {
    const [start, end] = await Promise.all([entityNamed(reader, from), entityNamed(reader, to)]);
    const { path: found } = await reader.read<{ path: Path }>(findPath, {
      ...{ from: start.slug, to: end.slug, maxLength, asOf, via },
    });
    const { outcome, length, isShortest, steps } = found;
    return fit(steps.length, maxTokens, (count, detail) => {
      const sources = new Sources(reader, detail);
      const left = steps.length - count;
      return write({
        ...{ from: named(start), to: named(end) },
        outcome: outcomes[outcome],
        ...{ length, isShortest },
        steps: steps.slice(0, count).map((step) => stepItem(step, sources, detail)),
        sources: sources.toJSON(),
        more: left > 0 ? { left, how: 'more maxTokens' } : undefined,
      });
    });
  },
});

// Private:

const outcomes = {
  FOUND: 'found',
  NONE: 'no path of that length; try a larger maxLength, or via CO_MENTION',
  BUDGET_EXCEEDED:
    'not found within the budget of the search; try via, asOf or a smaller maxLength',
} as const;

interface Path {
  outcome: keyof typeof outcomes;
  length: number | null;
  isShortest: boolean;
  steps: Step[];
}

interface Step {
  relation: string;
  isInverse: boolean;
  start: string | null;
  end: string | null;
  from: NamedData | null;
  to: NamedData | null;
  fact:
    ({ __typename: string; id: string; caption: string } & Partial<Omit<ArticleData, 'id'>>) | null;
  references: PassagesData;
}

function stepItem(step: Step, sources: Sources, detail: Detail) {
  const { relation, isInverse, start, end, fact, references } = step;
  const isArticle = fact?.__typename === 'Article';
  return compact({
    ...{ from: named(step.from), relation, to: named(step.to) },
    isInverse: isInverse || undefined,
    fact: clip(fact?.caption, detail),
    ...{ start, end, id: fact?.id },
    // An article that mentions both is its own proof.
    ...(isArticle ? { article: sources.keyOf(fact as ArticleData) } : sources.passages(references)),
  });
}
