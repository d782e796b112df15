import {
  searchTypes,
  type DocumentFilter,
  type SearchType,
} from '../../knowledge/discovery/search/documentFilter.js';
import type { SearchHit, SearchResults } from '../../knowledge/discovery/search/search.js';
import {
  recordTypeByName,
  recordTypes,
  type RecordTypeName,
} from '../../knowledge/model/recordTypes.js';
import type { Keyset } from '../../knowledge/reading/page.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { badInput, searchable } from '../errors.js';
import { entityKeys } from '../links.js';
import { RecordTypeRef } from '../record.js';
import { connectionType } from '../relay/connectionType.js';
import { pageRequest, pagingArgs } from '../relay/paging.js';
import type { ConnectionShape } from '../relay/types.js';
import { DateRangeInput, dateRange } from '../values/dateRange.js';
import { SearchHitType, type Hit } from './searchHit.js';
import { maxCounted, type Facets } from '../../knowledge/discovery/search/documents.js';
import type { Group } from '../../knowledge/reading/groups.js';
import { GroupType } from '../relay/groups.js';

/** In UTF-16 code units. */
const maxQueryLength = 1000;

const SearchFilterInput = builder.inputType('SearchFilter', {
  description:
    'Restricts the results of a search. Example: `{ recordType: [STATEMENT], date: { from: "2023" } }`.',
  fields: (t) => ({
    recordType: t.field({
      type: [RecordTypeRef],
      description: `Only records of these types: ${searchTypes.join(', ')}. Others cannot be found by search.`,
    }),
    date: t.field({
      type: DateRangeInput,
      description:
        'Said or published within this range; of positions, begun. Records without a date, such as entities, do not match.',
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
        await filterOf(args.filter, context),
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
  searchable('query', query, maxQueryLength, '; a few distinctive words find it best');

async function filterOf(
  filter: typeof SearchFilterInput.$inferInput | null | undefined,
  context: GraphContext,
): Promise<DocumentFilter> {
  const range = dateRange(filter?.date, 'filter.date');
  return {
    types: filter?.recordType?.map(searchTypeOf),
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

/** @throws BAD_USER_INPUT for a type that search does not find */
function searchTypeOf(name: RecordTypeName): SearchType {
  const wanted = recordTypes[recordTypeByName[name]].enumValue;
  const type = searchTypes.find((each) => each === wanted);
  if (type) return type;
  throw badInput(
    'filter.recordType',
    `must be among the types that search finds, ${searchTypes.join(', ')}, but names ${wanted}`,
  );
}

const groupOf = (value: string, count: number, isEntity = false): Group => ({
  keys: [{ value, isEntity }],
  count,
});
