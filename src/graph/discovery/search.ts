import { maxCounted, type Facets } from '../../knowledge/discovery/search/documents.js';
import { asHtml, findPassage, type Passage } from '../../knowledge/discovery/search/highlight.js';
import type { DocumentFilter, SearchType } from '../../knowledge/discovery/search/conditions.js';
import type { Keyset } from '../../knowledge/reading/page.js';
import type { SearchHit, SearchResults } from '../../knowledge/discovery/search/search.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { longText } from '../costs.js';
import { badInput, searchable } from '../errors.js';
import { entityKeys, linked } from '../links.js';
import { Node, Organization } from '../refs.js';
import { connectionType } from '../relay/connectionType.js';
import type { ConnectionShape } from '../relay/types.js';
import type { NodeType } from '../relay/globalId.js';
import { loadNode } from '../relay/node.js';
import { pageRequest, pagingArgs } from '../relay/paging.js';
import { selectedColumns } from '../relay/selection.js';
import { dateRange } from '../values/dateRange.js';
import { describedEnum } from '../values/enum.js';
import { TextRange } from '../values/textRange.js';

/** A query longer than this is none that anybody typed. */
const maxQueryLength = 1000;

export const SearchTypeEnum = describedEnum<SearchType>(
  'SearchType',
  'A type of record that `search` finds.',
  {
    ARTICLE: 'News articles: their titles, authors and texts, and whom they mention.',
    STATEMENT: 'What somebody said: its words, its speaker, and what it is about.',
    ORGANIZATION: 'Alliances, states, ministries, parties, media …',
    PERSON: 'People, by name and by the posts they held.',
    OFFICE: 'Embassies, liaison offices, headquarters …',
    PLACE: 'Countries, regions, cities and sites.',
    POSITION:
      'Posts that people hold or held: by title, organization, person and year, `ambassador to japan 1941`.',
  },
);

const typenames: Record<SearchType, NodeType> = {
  ARTICLE: 'Article',
  STATEMENT: 'Statement',
  ORGANIZATION: 'Organization',
  PERSON: 'Person',
  OFFICE: 'Office',
  PLACE: 'Place',
  POSITION: 'Position',
};

const SearchFilterInput = builder.inputType('SearchFilter', {
  description: 'What a search finds, beside its words. All fields given must hold.',
  fields: (t) => ({
    from: t.field({
      type: 'PartialDate',
      description:
        'Said or published on this date at the earliest; of posts, taken. What has no date, such as any entity, is left out.',
    }),
    to: t.field({
      type: 'PartialDate',
      description:
        'Said or published on this date at the latest, or taken; with `2023` in all of that year.',
    }),
    organization: t.stringList({
      description:
        'Articles that any of these published, statements in them, offices that they keep, and posts that they have; by id or slug.',
    }),
  }),
});

type Field = 'NAME' | 'TITLE' | 'TEXT' | 'BODY';

const SearchField = describedEnum<Field>('SearchField', 'Which text of a record was found.', {
  NAME: 'A name of an entity, not always its main one.',
  TITLE: 'The title of an article, or of a post.',
  TEXT: 'What a statement says.',
  BODY: 'The text of an article.',
});

type Hit = SearchHit & {
  results: SearchResults;
  /** Its passage, once some field asked for it: however many do, it is looked for once. */
  passage?: Promise<Found>;
};

type Found = Passage & { field: Field };

interface SearchConnection extends ConnectionShape<Hit> {
  results: SearchResults;
}

const TypeCount = builder.objectRef<Facets['types'][number]>('SearchTypeCount').implement({
  description: 'How many records of a type were found.',
  fields: (t) => ({
    type: t.expose('type', { type: SearchTypeEnum, description: 'The type.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});

const YearCount = builder.objectRef<Facets['years'][number]>('SearchYearCount').implement({
  description: 'How many records of a year were found.',
  fields: (t) => ({
    year: t.exposeInt('year', {
      description: 'The year in which they were said or published, or posts were taken.',
    }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});

const OrganizationCount = builder
  .objectRef<Facets['organizations'][number]>('SearchOrganizationCount')
  .implement({
    description: 'How many records of an organization were found.',
    fields: (t) => ({
      organization: t.field({
        type: Organization,
        nullable: true,
        description:
          'Who published them, or keeps the offices; null only where it was deleted while the query ran.',
        resolve: ({ organizationId }, _args, context, info) =>
          linked(context, 'ORGANIZATION', organizationId, info),
      }),
      count: t.exposeInt('count', { description: 'How many.' }),
    }),
  });

const SearchFacets = builder.objectRef<Facets>('SearchFacets').implement({
  description:
    'How the records that have all words of a query are spread, to narrow the search by: the most frequent first.',
  fields: (t) => ({
    types: t.field({
      type: [TypeCount],
      description: 'By type.',
      resolve: ({ types }) => types,
    }),
    years: t.field({
      type: [YearCount],
      description: 'By year, at most 20; what has no date is in none.',
      resolve: ({ years }) => years,
    }),
    organizations: t.field({
      type: [OrganizationCount],
      description: 'By the organization that published them or keeps them, at most 20.',
      resolve: ({ organizations }) => organizations,
    }),
    isCut: t.exposeBoolean('isCut', {
      description: `Whether more than ${maxCounted.toLocaleString('en')} were found, of which only so many were counted.`,
    }),
  }),
});

const SearchPassage = builder.objectRef<Found>('SearchPassage').implement({
  description: 'The text of a result in which words of the query stand, or stand most.',
  fields: (t) => ({
    field: t.expose('field', { type: SearchField, description: 'Which text of the record it is.' }),
    text: t.exposeString('text', {
      description: 'The text; of a long one the part that has most of the words.',
    }),
    offset: t.exposeInt('offset', {
      description: 'Where that part begins in the whole text, in Unicode code points.',
    }),
    ranges: t.field({
      type: [TextRange],
      description: 'What answers the query, in Unicode code points of `text`, in their order.',
      resolve: ({ ranges }) => ranges,
    }),
  }),
});

const SearchResult = builder.objectRef<Hit>('SearchResult').implement({
  description: 'A record that a search found.',
  fields: (t) => ({
    score: t.exposeFloat('score', {
      description:
        'How well it answers, from 0 to 1. Comparable within one search; between searches hardly.',
    }),
    node: t.field({
      type: Node,
      description: 'The record. Example: `node { id ... on Person { name } }`.',
      resolve: async ({ id, type }, _args, context, info) => {
        const node = await loadNode(context, typenames[type], id, selectedColumns(info));
        if (!node) throw badInput('query', 'found a record that was deleted meanwhile; ask again');
        return node;
      },
    }),
    highlight: t.string({
      costs: longText,
      description:
        'Its text as HTML, safe to show as it is: what is special there is escaped, and what answers the query stands in `<mark>`.',
      resolve: async (hit, _args, context) => asHtml(await passageOf(hit, context)),
    }),
    passage: t.field({
      costs: longText,
      type: SearchPassage,
      description: 'The same text and what to mark in it, for who shows it in another way.',
      resolve: (hit, _args, context) => passageOf(hit, context),
    }),
  }),
});

const SearchResultConnection = connectionType('SearchResult', SearchResult);

builder.objectField(SearchResultConnection, 'facets', (t) =>
  t.field({
    type: SearchFacets,
    description: 'How many records there are of each type, year and organization.',
    resolve: (connection) => (connection as SearchConnection).results.facets(),
  }),
);

builder.queryField('search', (t) =>
  t.field({
    type: SearchResultConnection,
    asKnownOn: false,
    costs: { weight: 1000 },
    description:
      'Articles, statements, entities and posts for a query in words, the best first: `stoltenberg japan`. Slips, accents and other names of an entity do no harm; names count for more than words in a text. `"liaison office"` finds the words side by side, `tokyo or japan` either, `-kuwait` what is without it. The best few hundred can be paged through.',
    args: {
      query: t.arg.string({
        required: true,
        description: `What to look for, at most ${maxQueryLength} characters.`,
      }),
      types: t.arg({ type: [SearchTypeEnum], description: 'Only records of these types.' }),
      filter: t.arg({ type: SearchFilterInput, description: 'Only records for which this holds.' }),
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
      const hits = behind(results.hits, request.after);
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

// Private:

const byRelevance = { field: 'RELEVANCE', direction: 'DESC' } as const;

/** A score as cursors have it: of one length, so that it compares as a text. */
const sortOf = (score: number): string => score.toFixed(4);

/** The results behind a place, also when the one that stood there is no more. */
function behind(hits: readonly SearchHit[], after: Keyset | undefined): readonly SearchHit[] {
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
    organization: await entityKeys(filter?.organization, 'filter.organization', context),
  };
}

interface FilterArgs {
  types?: SearchType[] | null | undefined;
  filter?: typeof SearchFilterInput.$inferInput | null | undefined;
}

const passageOf = (hit: Hit, context: GraphContext): Promise<Found> =>
  (hit.passage ??= findPassageOf(hit, context));

async function findPassageOf(
  { id, type, name, results: { marks, bodyOf } }: Hit,
  { knowledge, view }: GraphContext,
): Promise<Found> {
  if (type === 'STATEMENT') {
    const statement = await knowledge.statements.get(view, id, ['text']);
    return { field: 'TEXT', ...(await findPassage(statement?.text ?? '', marks)) };
  }
  if (type === 'POSITION') {
    const position = await knowledge.positions.get(view, id, ['title']);
    return { field: 'TITLE', ...(await findPassage(position?.title ?? '', marks)) };
  }
  if (type !== 'ARTICLE') {
    const shown = name ?? (await knowledge.entities.get(view, id, ['name']))?.name;
    return { field: 'NAME', ...(await findPassage(shown ?? '', marks)) };
  }
  const article = await knowledge.articles.get(view, id, ['title']);
  const title = await findPassage(article?.title ?? '', marks);
  if (title.found >= marks.wanted) return { field: 'TITLE', ...title };
  const body = await bodyOf(id);
  const inBody = await findPassage(body?.text ?? '', marks);
  return inBody.found > title.found
    ? { field: 'BODY', ...inBody, offset: inBody.offset + (body?.start ?? 0) }
    : { field: 'TITLE', ...title };
}
