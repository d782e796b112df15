/**
 * The part of Chancery's API that the queries need, as it is mostly written: schema, resolvers that
 * follow from record to record, and DataLoaders that make one statement for the fields of a level.
 * Apollo Server and Mercurius serve it.
 */
import DataLoader from 'dataloader';
import postgres from 'postgres';

const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 10 });

export const typeDefs = /* GraphQL */ `
  scalar PartialDate

  type Query {
    node(id: ID!): Node
    organization(slug: String!): Organization
    person(slug: String!): Person
    offices(filter: OfficeFilter, orderBy: OfficeOrder, first: Int = 20): OfficeConnection!
    statements(
      filter: StatementFilter
      orderBy: StatementOrder
      first: Int = 20
    ): StatementConnection!
  }

  interface Node {
    id: ID!
  }

  union Speaker = Organization | Person

  type Organization implements Node {
    id: ID!
    name: String!
    kind: OrganizationKind!
    offices(filter: OfficeFilter, first: Int = 20): OfficeConnection!
    articles(first: Int = 20): ArticleConnection!
  }

  type Person implements Node {
    id: ID!
    name: String!
    birthDate: PartialDate
    statements(filter: StatementFilter, first: Int = 20): StatementConnection!
  }

  type Office implements Node {
    id: ID!
    name: String!
    kind: OfficeKind!
    status: OfficeStatus
    staffCount: Int
    organization: Organization
    place: Place
  }

  type Place implements Node {
    id: ID!
    name: String!
  }

  type Article implements Node {
    id: ID!
    title: String!
    publishedOn: PartialDate
    publisher: Organization
    statements(filter: StatementFilter, first: Int = 20): StatementConnection!
  }

  type Statement implements Node {
    id: ID!
    text: String!
    kind: StatementKind!
    saidOn: PartialDate
    speaker: Speaker
    article: Article
  }

  type OfficeConnection {
    totalCount: Int!
    nodes: [Office!]!
  }

  type ArticleConnection {
    totalCount: Int!
    nodes: [Article!]!
  }

  type StatementConnection {
    totalCount: Int!
    nodes: [Statement!]!
  }

  input OfficeFilter {
    organization: [ID!]
    kind: [OfficeKind!]
    status: [OfficeStatus!]
  }

  input StatementFilter {
    speaker: [ID!]
    kind: [StatementKind!]
  }

  input OfficeOrder {
    field: OfficeOrderField!
    direction: OrderDirection! = ASC
  }

  input StatementOrder {
    field: StatementOrderField!
    direction: OrderDirection! = ASC
  }

  enum OfficeOrderField {
    CREATED_AT
    NAME
  }

  enum StatementOrderField {
    CREATED_AT
    SAID_ON
  }

  enum OrderDirection {
    ASC
    DESC
  }

  enum OrganizationKind {
    ALLIANCE
    COMMITTEE
    COMPANY
    COURT
    GOVERNMENT
    INTERNATIONAL_ORGANIZATION
    LEGISLATURE
    MINISTRY
    NEWS_MEDIUM
    NON_GOVERNMENTAL
    OTHER
    PARTY
    PROGRAMME
    STATE
  }

  enum OfficeKind {
    CONSULATE
    CONSULATE_GENERAL
    DISTRICT
    EMBASSY
    FIELD
    HEADQUARTERS
    HIGH_COMMISSION
    HONORARY_CONSULATE
    LIAISON
    MISSION
    NUNCIATURE
    OTHER
    REGIONAL
    REPRESENTATIVE
  }

  enum OfficeStatus {
    CLOSED
    OPEN
    PLANNED
    PROPOSED
    SUSPENDED
  }

  enum StatementKind {
    DIRECT
    INDIRECT
    MIXED
  }
`;

/** What every resolver is given: loaders of its request's own. */
export interface Context {
  loaders: ReturnType<typeof createLoaders>;
}

export const createContext = (): Context => ({ loaders: createLoaders() });

export const resolvers = {
  Query: {
    node: (_: unknown, { id }: { id: string }, context: Context) => readNode(id, context),
    organization: (_: unknown, { slug }: { slug: string }, context: Context) =>
      readEntity('Organization', slug, context),
    person: (_: unknown, { slug }: { slug: string }, context: Context) =>
      readEntity('Person', slug, context),
    offices: async (_: unknown, { filter, orderBy, first }: OfficeArguments, context: Context) => {
      const which = await whichOffices(filter, context);
      return {
        nodes: () => listOffices(which, orderBy, first),
        totalCount: () => countOffices(which),
      };
    },
    statements: async (
      _: unknown,
      { filter, orderBy, first }: StatementArguments,
      context: Context,
    ) => {
      const which = await whichStatements(filter, context);
      return {
        nodes: () => listStatements(which, orderBy, first),
        totalCount: () => countStatements(which),
      };
    },
  },
  Organization: {
    id: ({ id }: Entity) => globalId('ORG', id),
    kind: async ({ id, kind }: Organization, _: unknown, { loaders }: Context) =>
      kind ?? (await loaders.organization.load(id))?.kind,
    offices: async ({ id }: Entity, { filter, first }: OfficeArguments, context: Context) => {
      const which = await whichOffices(filter, context);
      return {
        nodes: () => context.loaders.officesOf({ which, first }).load(id),
        totalCount: () => countOffices({ ...which, organizationId: id }),
      };
    },
    articles: ({ id }: Entity, { first }: { first: number }, { loaders }: Context) => ({
      nodes: () => loaders.articlesOf({ first }).load(id),
    }),
  },
  Person: {
    id: ({ id }: Entity) => globalId('PER', id),
    birthDate: async ({ id, birthDate }: Person, _: unknown, { loaders }: Context) =>
      birthDate === undefined ? (await loaders.person.load(id))?.birthDate : birthDate,
    statements: async ({ id }: Entity, { filter, first }: StatementArguments, context: Context) => {
      const which = await whichStatements(filter, context);
      return {
        nodes: () => context.loaders.statementsBy({ which, first }).load(id),
        totalCount: () => countStatements({ ...which, speakerId: id }),
      };
    },
  },
  Office: {
    id: ({ id }: Office) => globalId('OFF', id),
    organization: ({ organizationId }: Office, _: unknown, { loaders }: Context) =>
      loaders.entity.load(organizationId),
    place: ({ placeId }: Office, _: unknown, { loaders }: Context) =>
      placeId && loaders.entity.load(placeId),
  },
  Place: {
    id: ({ id }: Entity) => globalId('PLA', id),
  },
  Article: {
    id: ({ id }: Article) => globalId('ART', id),
    publisher: ({ publisherId }: Article, _: unknown, { loaders }: Context) =>
      publisherId && loaders.entity.load(publisherId),
    statements: async (
      { id }: Article,
      { filter, first }: StatementArguments,
      context: Context,
    ) => {
      const which = await whichStatements(filter, context);
      return {
        nodes: () => context.loaders.statementsIn({ which, first }).load(id),
        totalCount: () => countStatements({ ...which, articleId: id }),
      };
    },
  },
  Statement: {
    id: ({ id }: Statement) => globalId('STA', id),
    speaker: ({ speakerId }: Statement, _: unknown, { loaders }: Context) =>
      loaders.entity.load(speakerId),
    article: ({ articleId }: Statement, _: unknown, { loaders }: Context) =>
      loaders.article.load(articleId),
  },
  OfficeConnection: connection<Office>(),
  ArticleConnection: { nodes: ({ nodes }: { nodes: () => Promise<Article[]> }) => nodes() },
  StatementConnection: connection<Statement>(),
};

// Private:

interface Entity {
  __typename: string;
  id: string;
  name: string;
}

interface Organization extends Entity {
  kind?: string;
}

interface Person extends Entity {
  birthDate?: string | null;
}

interface Office {
  id: string;
  name: string;
  kind: string;
  status: string | null;
  staffCount: number | null;
  organizationId: string;
  placeId: string | null;
}

interface Article {
  id: string;
  title: string;
  publishedOn: string | null;
  publisherId: string | null;
}

interface Statement {
  id: string;
  text: string;
  kind: string;
  saidOn: string | null;
  speakerId: string;
  articleId: string;
}

interface Order {
  field: string;
  direction: 'ASC' | 'DESC';
}

interface OfficeArguments {
  filter?: { organization?: string[]; kind?: string[]; status?: string[] };
  orderBy?: Order;
  first: number;
}

interface StatementArguments {
  filter?: { speaker?: string[]; kind?: string[] };
  orderBy?: Order;
  first: number;
}

/** Filters with ids in place of slugs; what is not there holds for all. */
interface WhichOffices {
  organizations?: string[] | undefined;
  organizationId?: string;
  kinds?: string[] | undefined;
  statuses?: string[] | undefined;
}

interface WhichStatements {
  speakers?: string[] | undefined;
  speakerId?: string;
  articleId?: string;
  kinds?: string[] | undefined;
}

/** Nodes and their count, each read only if it is selected. */
interface Connection<Node> {
  nodes: () => Promise<Node[]>;
  totalCount: () => Promise<number>;
}

function connection<Node>() {
  return {
    nodes: ({ nodes }: Connection<Node>) => nodes(),
    totalCount: ({ totalCount }: Connection<Node>) => totalCount(),
  };
}

const globalId = (code: string, id: string): string =>
  `${code}_${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`;

async function readNode(globalId: string, { loaders }: Context) {
  const id = Buffer.from(globalId.slice(4), 'base64url')
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  switch (globalId.slice(0, 3)) {
    case 'ORG':
      return typed('Organization', await loaders.organization.load(id));
    case 'PER':
      return typed('Person', await loaders.person.load(id));
    case 'OFF':
      return typed('Office', await loaders.office.load(id));
    case 'ART':
      return typed('Article', await loaders.article.load(id));
    case 'STA':
      return typed('Statement', await loaders.statement.load(id));
    default:
      return null;
  }
}

const typed = <Row>(__typename: string, row: Row | null) => row && { ...row, __typename };

async function readEntity(type: string, slug: string, { loaders }: Context) {
  const entity = await loaders.entityBySlug.load(slug);
  return entity?.__typename === type ? entity : null;
}

async function whichOffices(filter: OfficeArguments['filter'], context: Context) {
  const organizations = await readIds(filter?.organization, context);
  return { organizations, kinds: filter?.kind, statuses: filter?.status };
}

async function whichStatements(filter: StatementArguments['filter'], context: Context) {
  return { speakers: await readIds(filter?.speaker, context), kinds: filter?.kind };
}

async function readIds(slugs: string[] | undefined, { loaders }: Context) {
  const entities =
    slugs && (await Promise.all(slugs.map((slug) => loaders.entityBySlug.load(slug))));
  return entities?.flatMap((entity) => (entity ? [entity.id] : []));
}

const officesHere = ({ organizations, organizationId, kinds, statuses }: WhichOffices) => sql`
  o.live
  ${among('o.organization_id', organizations)}
  ${among('o.organization_id', organizationId && [organizationId])}
  ${among('o.kind', kinds)}
  ${among('o.current_status', statuses)}`;

const statementsHere = ({ speakers, speakerId, articleId, kinds }: WhichStatements) => sql`
  s.live
  ${among('s.speaker_id', speakers)}
  ${among('s.speaker_id', speakerId && [speakerId])}
  ${among('s.article_id', articleId && [articleId])}
  ${among('s.kind', kinds)}`;

/** An index gives a list in its order for one value only. */
function among(column: string, values: string[] | undefined | '') {
  if (!values) return sql``;
  const [value = null] = values;
  return values.length === 1
    ? sql`and ${sql(column)} = ${value}`
    : sql`and ${sql(column)} = any(${values})`;
}

const officeColumns = () => sql`
  o.id, e.name, o.kind, o.current_status as status, o.staff_count as "staffCount",
  o.organization_id as "organizationId", o.place_id as "placeId"`;

const articleColumns = () => sql`
  a.id, a.title, a.published_on as "publishedOn", a.publisher_id as "publisherId"`;

const statementColumns = () => sql`
  s.id, s.text, s.kind, s.said_on as "saidOn", s.speaker_id as "speakerId",
  s.article_id as "articleId"`;

function listOffices(which: WhichOffices, order: Order | undefined, first: number) {
  const ordering = () => sql`order by
    ${order?.field === 'CREATED_AT' ? sql`` : sql`o.sort_name ${direction(order, 'ASC')},`}
    o.id ${direction(order, 'ASC')}`;
  return sql<Office[]>`
    select ${officeColumns()}
    from (select * from office o where ${officesHere(which)} ${ordering()} limit ${first}) o
    join entity e on e.id = o.id ${ordering()}`;
}

function listStatements(which: WhichStatements, order: Order | undefined, first: number) {
  return sql<Statement[]>`
    select ${statementColumns()} from statement s
    where ${statementsHere(which)}
    order by ${order?.field === 'CREATED_AT' ? sql`` : sql`s.said_sort ${direction(order, 'DESC')},`}
      s.id ${direction(order, 'DESC')}
    limit ${first}`;
}

const direction = (order: Order | undefined, preset: Order['direction']) =>
  (order?.direction ?? preset) === 'ASC' ? sql`asc` : sql`desc`;

const countOffices = async (which: WhichOffices) =>
  countOf(await sql`select count(*)::int from office o where ${officesHere(which)}`);

const countStatements = async (which: WhichStatements) =>
  countOf(await sql`select count(*)::int from statement s where ${statementsHere(which)}`);

const countOf = ([row]: readonly postgres.Row[]): number => Number(row?.['count']);

/** One statement for each loader and level; `type` is in capitals, a type's name is not. */
function createLoaders() {
  const entity = byKey(
    (ids) => sql<Entity[]>`
      select id, name, initcap(type::text) as "__typename" from entity
      where id = any(${ids}::uuid[]) and live`,
    ({ id }) => id,
  );
  const entityBySlug = byKey(
    async (slugs) => {
      const rows = await sql<(Entity & { slug: string })[]>`
        select id, slug, name, initcap(type::text) as "__typename" from entity
        where slug = any(${slugs}) and live`;
      for (const row of rows) entity.prime(row.id, row);
      return rows;
    },
    ({ slug }) => slug,
  );
  return {
    entity,
    entityBySlug,
    organization: byKey(
      (ids) => sql<Organization[]>`
        select o.id, e.name, o.kind from organization o join entity e on e.id = o.id
        where o.id = any(${ids}::uuid[]) and o.live`,
      ({ id }) => id,
    ),
    person: byKey(
      (ids) => sql<Person[]>`
        select p.id, e.name, p.birth_date as "birthDate" from person p join entity e on e.id = p.id
        where p.id = any(${ids}::uuid[]) and p.live`,
      ({ id }) => id,
    ),
    office: byKey(
      (ids) => sql<Office[]>`
        select ${officeColumns()} from office o join entity e on e.id = o.id
        where o.id = any(${ids}::uuid[]) and o.live`,
      ({ id }) => id,
    ),
    article: byKey(
      (ids) => sql<Article[]>`
        select ${articleColumns()} from article a where a.id = any(${ids}::uuid[]) and a.live`,
      ({ id }) => id,
    ),
    statement: byKey(
      (ids) => sql<Statement[]>`
        select ${statementColumns()} from statement s
        where s.id = any(${ids}::uuid[]) and s.live`,
      ({ id }) => id,
    ),
    officesOf: byParent(
      (ids, { which, first }: { which: WhichOffices; first: number }) => sql<Child<Office>[]>`
        select p.id as "parentId", ${officeColumns()}
        from unnest(${ids}::uuid[]) p (id) cross join lateral (
          select * from office o where o.organization_id = p.id and ${officesHere(which)}
          order by o.sort_name, o.id limit ${first}) o
        join entity e on e.id = o.id
        order by o.sort_name, o.id`,
    ),
    articlesOf: byParent(
      (ids, { first }: { first: number }) => sql<Child<Article>[]>`
        select p.id as "parentId", ${articleColumns()}
        from unnest(${ids}::uuid[]) p (id) cross join lateral (
          select * from article a where a.publisher_id = p.id and a.live
          order by a.published_sort desc, a.id desc limit ${first}) a
        order by a.published_sort desc, a.id desc`,
    ),
    statementsBy: byParent(
      (ids, { which, first }: { which: WhichStatements; first: number }) => sql<Child<Statement>[]>`
        select p.id as "parentId", ${statementColumns()}
        from unnest(${ids}::uuid[]) p (id) cross join lateral (
          select * from statement s where s.speaker_id = p.id and ${statementsHere(which)}
          order by s.said_sort desc, s.id desc limit ${first}) s
        order by s.said_sort desc, s.id desc`,
    ),
    statementsIn: byParent(
      (ids, { which, first }: { which: WhichStatements; first: number }) => sql<Child<Statement>[]>`
        select p.id as "parentId", ${statementColumns()}
        from unnest(${ids}::uuid[]) p (id) cross join lateral (
          select * from statement s where s.article_id = p.id and ${statementsHere(which)}
          order by s.id limit ${first}) s
        order by s.id`,
    ),
  };
}

/** A loader of single rows. */
function byKey<Row>(
  read: (keys: readonly string[]) => PromiseLike<readonly Row[]>,
  keyOf: (row: Row) => string,
) {
  return new DataLoader<string, Row | null>(async (keys) => {
    const rows = new Map((await read(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });
}

/** Loaders of lists, one for each combination of arguments. */
function byParent<Row extends { parentId: string }, Args>(
  read: (ids: readonly string[], args: Args) => PromiseLike<readonly Row[]>,
) {
  const loaders = new Map<string, DataLoader<string, Row[]>>();
  return (args: Args) => {
    const name = JSON.stringify(args);
    let loader = loaders.get(name);
    if (!loader) {
      loader = new DataLoader<string, Row[]>(async (ids) => {
        const lists = new Map(ids.map((id): [string, Row[]] => [id, []]));
        for (const row of await read(ids, args)) lists.get(row.parentId)?.push(row);
        return ids.map((id) => lists.get(id) ?? []);
      });
      loaders.set(name, loader);
    }
    return loader;
  };
}

type Child<Row> = Row & { parentId: string };
