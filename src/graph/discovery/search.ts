import type { DocumentFilter, SearchType } from '../../knowledge/discovery/search/conditions.js';
import type { SearchHit, SearchResults } from '../../knowledge/discovery/search/search.js';
import type { Keyset } from '../../knowledge/reading/page.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { searchable } from '../errors.js';
import { entityKeys } from '../links.js';
import { connectionType } from '../relay/connectionType.js';
import { pageRequest, pagingArgs } from '../relay/paging.js';
import type { ConnectionShape } from '../relay/types.js';
import { dateRange } from '../values/dateRange.js';
import { SearchHitType, type Hit } from './searchHit.js';
import { maxCounted, type Facets } from '../../knowledge/discovery/search/documents.js';
import type { Group } from '../../knowledge/reading/groups.js';
import { GroupType } from '../relay/groups.js';
import { describedEnum } from '../values/enum.js';

const SearchTypeEnum = describedEnum<SearchType>(
  'SearchType',
  'A type of record that `search` finds.',
  {
    ARTICLE: 'News articles, by title, author, text and the entities that they mention.',
    STATEMENT: 'Statements, by text, speaker and subject.',
    ORGANIZATION: 'Alliances, states, ministries, parties, media …, by name.',
    PERSON: 'People, by name and by the positions that they hold or held.',
    OFFICE: 'Embassies, liaison offices, headquarters …, by name.',
    PLACE: 'Countries, regions, cities and sites, by name.',
    POSITION:
      'Positions that people hold or held, by title, organization, person and year: `ambassador to japan 1941`.',
  },
);

/** In UTF-16 code units. */
const maxQueryLength = 1000;

const SearchFilterInput = builder.inputType('SearchFilter', {
  description: 'Restricts the results of a search. All fields must match.',
  fields: (t) => ({
    from: t.field({
      type: 'PartialDate',
      description:
        'Said or published on this date or later; of positions, begun. Records without a date, such as entities, do not match.',
    }),
    to: t.field({
      type: 'PartialDate',
      description:
        'Said, published or begun on this date or before; `2023` includes the whole year.',
    }),
    organization: t.idList({
      description:
        'Articles that any of these organizations published, statements in them, their offices and the positions in them; by id or slug.',
    }),
  }),
});

interface SearchConnection extends ConnectionShape<Hit> {
  results: SearchResults;
}

const SearchHitConnection = connectionType('SearchHit', SearchHitType);

builder.objectField(SearchHitConnection, 'facets', (t) =>
  t.field({
    type: SearchFacets,
    description: 'The number of results by type, year and organization.',
    resolve: (connection) => (connection as SearchConnection).results.facets(),
  }),
);

builder.queryField('search', (t) =>
  t.field({
    type: SearchHitConnection,
    asKnownAt: false,
    costs: { weight: 1000, perWord: { argument: 'query', free: 12, weight: 50 } },
    description:
      'Full-text search of articles, statements, entities and positions, best results first: `stoltenberg japan`. Typing errors, accents and other names of an entity are tolerated; names weigh more than words in a text. `"liaison office"` matches a phrase, `tokyo or japan` either word, `-kuwait` excludes a word. The best few hundred results can be paged.',
    args: {
      query: t.arg.string({
        required: true,
        description: `The query, at most ${maxQueryLength} characters.`,
      }),
      types: t.arg({ type: [SearchTypeEnum], description: 'Only records of these types.' }),
      filter: t.arg({
        type: SearchFilterInput,
        description: 'Only records that match the filter.',
      }),
      first: pagingArgs().first,
      after: pagingArgs().after,
    },
    resolve: async (_root, args, context, info) => {
      const { first, after } = args;
      const request = pageRequest({ first, after }, byRelevance, 'text', info);
      const results = await context.knowledge.search.find(
        context.view,
        checkedQuery(args.query),
        await filterOf(args, context),
      );
      const hits = resultsAfter(results.hits, request.after);
      const rows = hits.slice(0, request.limit).map((hit): Hit => ({ ...hit, results }));
      const connection: SearchConnection = {
        order: byRelevance.field,
        page: {
          rows,
          sorts: rows.map(({ score }) => sortOf(score)),
          hasNextPage: hits.length > rows.length,
          hasPreviousPage: hits.length < results.hits.length,
          totalCount: results.hits.length,
        },
        results,
      };
      return connection;
    },
  }),
);

const SearchFacets = builder.objectRef<Facets>('SearchFacets').implement({
  description:
    'The distribution of the records that contain all words of a query, to narrow the search: the most frequent values first.',
  fields: (t) => ({
    recordTypes: t.field({
      type: [GroupType],
      description: 'By type of record.',
      resolve: ({ types }) => types.map(({ type, count }) => groupOf(type, count)),
    }),
    years: t.field({
      type: [GroupType],
      description:
        'By the year in which they were said or published, or positions began, at most 20; undated records are not counted.',
      resolve: ({ years }) => years.map(({ year, count }) => groupOf(String(year), count)),
    }),
    organizations: t.field({
      type: [GroupType],
      description: 'By the organization that published them or runs the offices, at most 20.',
      resolve: ({ organizations }) =>
        organizations.map(({ organizationId, count }) => groupOf(organizationId, count, true)),
    }),
    truncated: t.exposeBoolean('isCut', {
      description: `Whether more than ${maxCounted.toLocaleString('en')} were found, of which only that many were counted.`,
    }),
  }),
});

// Private:

const byRelevance = { field: 'RELEVANCE', direction: 'DESC' } as const;

/** A score of fixed length for cursors, so that it compares as a text. */
const sortOf = (score: number): string => score.toFixed(4);

/** The results after a cursor, also if its own result no longer exists. */
function resultsAfter(hits: readonly SearchHit[], after: Keyset | undefined): readonly SearchHit[] {
  if (!after) return hits;
  const at = hits.findIndex(({ id }) => id === after.id);
  if (at >= 0) return hits.slice(at + 1);
  return hits.filter(({ score }) => sortOf(score) < (after.sort ?? ''));
}

const checkedQuery = (query: string): string =>
  searchable('query', query, maxQueryLength, '; a few words that tell it from others find it best');

async function filterOf(
  { types, filter }: FilterArgs,
  context: GraphContext,
): Promise<DocumentFilter> {
  const range = dateRange(filter, 'filter');
  return {
    types: types ?? undefined,
    from: range?.from ?? undefined,
    to: range?.to ?? undefined,
    organization: await entityKeys(
      filter?.organization,
      'filter.organization',
      context,
      'ORGANIZATION',
    ),
  };
}

interface FilterArgs {
  types?: SearchType[] | null | undefined;
  filter?: typeof SearchFilterInput.$inferInput | null | undefined;
}

const groupOf = (value: string, count: number, isEntity = false): Group => ({
  keys: [{ value, isEntity }],
  count,
});
