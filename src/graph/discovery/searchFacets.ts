/** The distribution of search results by type, year and organization. */
import { maxCounted, type Facets } from '../../knowledge/discovery/search/documents.js';
import { builder } from '../builder.js';
import { linked } from '../links.js';
import { Organization } from '../refs.js';
import { SearchTypeEnum } from './searchType.js';

const TypeCount = builder.objectRef<Facets['types'][number]>('SearchTypeCount').implement({
  description: 'The number of results of a type.',
  fields: (t) => ({
    type: t.expose('type', { type: SearchTypeEnum, description: 'The type.' }),
    count: t.exposeInt('count', { description: 'The number.' }),
  }),
});

const YearCount = builder.objectRef<Facets['years'][number]>('SearchYearCount').implement({
  description: 'The number of results of a year.',
  fields: (t) => ({
    year: t.exposeInt('year', {
      description: 'The year in which they were said or published, or positions began.',
    }),
    count: t.exposeInt('count', { description: 'The number.' }),
  }),
});

const OrganizationCount = builder
  .objectRef<Facets['organizations'][number]>('SearchOrganizationCount')
  .implement({
    description: 'The number of results of an organization.',
    fields: (t) => ({
      organization: t.field({
        type: Organization,
        nullable: true,
        description:
          'The organization that published them or runs the offices; null only if it was deleted while the query ran.',
        resolve: ({ organizationId }, _args, context, info) =>
          linked(context, 'ORGANIZATION', organizationId, info),
      }),
      count: t.exposeInt('count', { description: 'The number.' }),
    }),
  });

export const SearchFacets = builder.objectRef<Facets>('SearchFacets').implement({
  description:
    'The distribution of the records that contain all words of a query, to narrow the search: the most frequent values first.',
  fields: (t) => ({
    types: t.field({
      type: [TypeCount],
      description: 'By type.',
      resolve: ({ types }) => types,
    }),
    years: t.field({
      type: [YearCount],
      description: 'By year, at most 20; undated records are not counted.',
      resolve: ({ years }) => years,
    }),
    organizations: t.field({
      type: [OrganizationCount],
      description: 'By the organization that published or runs them, at most 20.',
      resolve: ({ organizations }) => organizations,
    }),
    isCut: t.exposeBoolean('isCut', {
      description: `Whether more than ${maxCounted.toLocaleString('en')} were found, of which only that many were counted.`,
    }),
  }),
});
