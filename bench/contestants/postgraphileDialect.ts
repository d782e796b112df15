/** The five queries as PostGraphile's schema has them, and its answers in the form of Chancery's. */
import type { Dialect } from '../dialects.ts';
import type { QueryName, Request } from '../workloads.ts';

export const postgraphileDialect: Dialect = {
  write: ({ query, variables }) => ({
    path: '/graphql',
    body: JSON.stringify({
      query: queries[query],
      variables: query === 'node' ? { id: nodeId(variables) } : variables,
    }),
  }),
  read: (query, answer) => readers[query]((answer as { data: Data }).data),
};

// Private:

const queries: Record<QueryName, string> = {
  shallow: `query Shallow($slug: String!) {
    entityBySlug(slug: $slug) {
      name
      live
      organization {
        offices(
          condition: { kind: LIAISON, live: true }
          orderBy: [SORT_NAME_ASC, ROW_ID_ASC]
          first: 20
        ) { nodes { entity { name } place { entity { name } } } }
      }
    }
  }`,
  deep: `query Deep($slug: String!) {
    entityBySlug(slug: $slug) {
      name
      live
      organization {
        offices(condition: { live: true }, orderBy: [SORT_NAME_ASC, ROW_ID_ASC], first: 10) {
          nodes { entity { name } kind place { entity { name } } organization { entity { name } } }
        }
        articles(condition: { live: true }, orderBy: [PUBLISHED_SORT_DESC, ROW_ID_DESC], first: 10) {
          nodes {
            title
            publishedOn
            statements(condition: { live: true }, orderBy: [ROW_ID_ASC], first: 5) {
              nodes { text saidOn speaker { name } }
            }
          }
        }
      }
    }
  }`,
  wide: `query Wide($slug: String!) {
    entityBySlug(slug: $slug) {
      type
      name
      live
      statements(condition: { live: true }, orderBy: [SAID_SORT_DESC, ROW_ID_DESC], first: 100) {
        nodes { text saidOn speaker { name } article { title publisher { entity { name } } } }
      }
    }
  }`,
  lists: `query Lists($speaker: String!, $kind: StatementKind!, $organization: String!, $status: OfficeStatusValue!) {
    speaker: entityBySlug(slug: $speaker) {
      statements(
        condition: { kind: $kind, live: true }
        orderBy: [SAID_SORT_ASC, ROW_ID_ASC]
        first: 20
      ) { totalCount nodes { text kind saidOn } }
    }
    owner: entityBySlug(slug: $organization) {
      organization {
        offices(
          condition: { status: $status, live: true }
          orderBy: [SORT_NAME_DESC, ROW_ID_DESC]
          first: 20
        ) { totalCount nodes { entity { name } status staffCount } }
      }
    }
  }`,
  node: `query Node($id: ID!) {
    node(id: $id) {
      ... on Organization { entity { name } kind live }
      ... on Person { entity { name } birthDate live }
      ... on Office { entity { name } status live }
      ... on Article { title publishedOn live }
      ... on Statement { text saidOn live }
    }
  }`,
};

/** PostGraphile's own global id: a JSON array in Base64. */
const nodeId = ({ type, id }: Request['variables']): string =>
  Buffer.from(JSON.stringify([type, id])).toString('base64');

type Data = Record<string, Row | null>;

interface Row {
  [field: string]: unknown;
  entity?: Row;
  live?: boolean;
}

const readers: Record<QueryName, (data: Data) => unknown> = {
  shallow: ({ entityBySlug }) => ({ organization: readOrganization(entityBySlug) }),
  deep: ({ entityBySlug }) => ({ organization: readOrganization(entityBySlug) }),
  wide: ({ entityBySlug }) => ({ person: readPerson(entityBySlug) }),
  lists: ({ speaker, owner }) => ({
    statements: plain(speaker?.['statements']),
    offices: plain((owner?.['organization'] as Row | undefined)?.['offices']),
  }),
  node: ({ node }) => ({ node: plain(node) }),
};

function readOrganization(entity: Row | null | undefined): unknown {
  if (!entity?.live || !entity['organization']) return null;
  return plain({ ...(entity['organization'] as Row), name: entity['name'] });
}

function readPerson(entity: Row | null | undefined): unknown {
  if (entity?.['type'] !== 'PERSON') return null;
  const { type: _, ...person } = entity;
  return plain(person);
}

/** Fields of its `entity` become a row's own; what is not live is not there. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { entity, live, ...fields } = value as Row;
  if (live === false) return null;
  return Object.fromEntries(
    Object.entries({ ...entity, ...fields }).map(([name, field]) => [name, plain(field)]),
  );
}
