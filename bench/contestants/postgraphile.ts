/**
 * PostGraphile 5 on the same tables: amber preset, Grafserv on node:http, settings of production.
 *
 * An entity and the row of its type share an id, and a plain foreign key on it joins them: that way
 * a query becomes one SQL statement (`lists`: two). PostGraphile's relational polymorphism
 * (`@interface mode:relational`) also looks up the speakers' own rows and needs three for some.
 */
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import type { PgCondition } from 'postgraphile/@dataplan/pg';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { addPgTableCondition, jsonPgSmartTags, type JSONPgSmartTags } from 'postgraphile/utils';

type TagsByName = Record<string, { tags: Record<string, string | string[]> }>;

/**
 * Relations on ids alone, with names for their fields in both directions. Names are qualified: the
 * tables of the schema `history` have the same ones.
 */
const classes: TagsByName = {
  'public.organization': { tags: { foreignKey: entityKey('organization') } },
  'public.person': { tags: { foreignKey: entityKey('person') } },
  'public.office': { tags: { foreignKey: entityKey('office') } },
  'public.place': { tags: { foreignKey: entityKey('place') } },
  'public.statement': {
    tags: {
      foreignKey: [
        '(article_id) references article (id)|@fieldName article\n@foreignFieldName statements',
        '(speaker_id) references entity (id)|@fieldName speaker\n@foreignFieldName statements',
      ],
    },
  },
};

const constraints: TagsByName = {
  'public.article.article_publisher_id_organization_id_fkey': fieldNames('publisher', 'articles'),
  'public.office.office_organization_id_organization_id_fkey': fieldNames(
    'organization',
    'offices',
  ),
  'public.office.office_place_id_place_id_fkey': fieldNames('place', 'offices'),
  // These are the same relations again, with columns that they keep equal.
  'public.organization.organization_entity_key': { tags: { behavior: '-*' } },
  'public.person.person_entity_key': { tags: { behavior: '-*' } },
  'public.office.office_entity_key': { tags: { behavior: '-*' } },
  'public.place.place_entity_key': { tags: { behavior: '-*' } },
  'public.statement.statement_article_key': { tags: { behavior: '-*' } },
  'public.statement.statement_speaker_key': { tags: { behavior: '-*' } },
};

const listed = ['article', 'office', 'statement'];

const smartTags: JSONPgSmartTags = {
  version: 1,
  config: {
    class: classes,
    constraint: constraints,
    attribute: {
      'public.office.current_status': { tags: { name: 'status' } },
      ...Object.fromEntries(
        listed.map((table) => [`public.${table}.live`, { tags: { behavior: '-filterBy' } }]),
      ),
    },
  },
};

const preset: GraphileConfig.Preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [jsonPgSmartTags(smartTags), ...listed.map(liveCondition)],
  // Does without lists and orders for which it finds no index, and does not see partial ones.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [
    makePgService({
      connectionString: process.env['DATABASE_URL'] ?? '',
      schemas: ['public'],
      poolConfig: { max: 10 },
      pubsub: false,
    }),
  ],
  schema: { defaultBehavior: '-insert -update -delete' },
  grafast: { explain: false },
  grafserv: { graphiql: false, watch: false, websockets: false, outputDataAsString: true },
};

const instance = postgraphile(preset);
await instance.getSchema();
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(Number(process.env['PORT']), '127.0.0.1');

// Private:

function entityKey(table: string): string {
  return `(id) references entity (id)|@fieldName entity\n@foreignFieldName ${table}`;
}

function fieldNames(fieldName: string, foreignFieldName: string) {
  return { tags: { fieldName, foreignFieldName } };
}

/** `live` written into the statement, not as a parameter: only so do partial indexes always serve it. */
function liveCondition(tableName: string): GraphileConfig.Plugin {
  return addPgTableCondition({ schemaName: 'public', tableName }, 'live', (build) => ({
    type: build.graphql.GraphQLBoolean,
    apply: (condition: PgCondition, live: boolean | null) => {
      const { sql } = build;
      const column = sql`${condition.alias}.${sql.identifier('live')}`;
      if (live !== null) condition.where(live ? column : sql`not ${column}`);
    },
  }));
}
