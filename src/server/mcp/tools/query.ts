/** The tool `query`: any query, within the limits of all clients. */
import { z } from 'zod';
import { write } from '../answer.js';
import { fits, tokensArgument } from '../budget.js';
import { failure, type Json } from '../reader.js';
import { shortenJson } from '../shortenJson.js';
import { defineTool } from '../tool.js';
import { ToolError } from '../toolError.js';

const input = z.strictObject({
  query: z.string().min(1).max(100_000).describe('A GraphQL query; mutations are rejected'),
  variables: z.record(z.string(), z.unknown()).optional(),
  maxTokens: tokensArgument,
});

export const query = defineTool({
  name: 'query',
  title: 'GraphQL query',
  description:
    'Runs a read-only GraphQL query, for what the other tools do not give; the tool schema shows the fields. Select references for passages. Long lists and texts are cut to maxTokens.',
  input,
  async run({ query: text, variables = {}, maxTokens }, reader) {
    const { data, errors } = await reader.query(text, variables);
    if (!data) throw failure(errors);
    const failed = errors?.length ? failure(errors).message : undefined;
    for (const limit of limits) {
      const { value, cut } = shortenJson(data as Json, limit);
      const answer = write({
        data: value,
        errors: failed,
        ...(cut.count > 0 && {
          leftOut: cut.places,
          howToGetMore: 'smaller pages with first and after, fewer fields, or more maxTokens',
        }),
      });
      if (fits(answer, maxTokens)) return answer;
    }
    throw new ToolError(
      `The result does not fit into maxTokens ${maxTokens}, even with one item of each list. Select fewer fields, or give more.`,
    );
  },
});

// Private:

/** Items of each list and characters of each text, from the whole result down to the least. */
const limits = [
  { items: Infinity, characters: Infinity },
  ...[100, 50, 30, 20, 14, 10, 7, 5, 3, 2, 1].map((items) => ({ items, characters: 500 })),
  { items: 1, characters: 100 },
];
