import type { EntityNameRecord, EntityRecord } from '../knowledge/model/entity.js';
import { text } from './costs.js';
import { builder } from './builder.js';
import { describedEnum } from './values/enum.js';
import { eventListing } from './event.js';
import { slugIn, typenames } from './links.js';
import { slugArgs } from './naming.js';
import { badInput } from './errors.js';
import { EntityType, mentionListing } from './mention.js';
import { referenceListing } from './reference.js';
import { AnyRecord, Entity, Node, Sourced, Speaker } from './refs.js';
import { connection } from './relay/connection.js';
import { asOfOf, certaintyOption } from './values/asOf.js';
import { endKindField } from './values/period.js';
import { selectedColumns } from './relay/selection.js';
import { statementListing } from './statement.js';

export const NameKind = describedEnum<EntityNameRecord['kind']>('NameKind', 'The kind of name.', {
  OFFICIAL: 'The full, official name. Example: North Atlantic Treaty Organization.',
  ALTERNATIVE: 'Another name in use.',
  SHORT: 'A shorter form. Example: South Korea.',
  ACRONYM: 'Initials. Example: OSCE.',
  FORMER: 'A name that is no longer used.',
  TRANSLATION: 'The name in another language.',
  TRANSLITERATION: 'The name in another script.',
});

const EntityName = builder.objectRef<EntityNameRecord>('EntityName').implement({
  description: 'An additional name of an entity.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name as written.' }),
    kind: t.expose('kind', { type: NameKind, description: 'The kind of name.' }),
    language: t.expose('language', {
      type: 'Locale',
      nullable: true,
      description: 'The language of the name; null if it belongs to none in particular.',
    }),
    start: t.expose('start', {
      type: 'PartialDate',
      nullable: true,
      description: 'When the name came into use; null if unknown.',
    }),
    end: t.expose('end', {
      type: 'PartialDate',
      nullable: true,
      description:
        'When the name went out of use; null if unknown, `".."` if it is known to be in use.',
    }),
    endKind: t.field(endKindField),
  }),
});

const Identifier = builder
  .objectRef<{ scheme: string; value: string; source: string | null }>('Identifier')
  .implement({
    description: 'The identifier of an entity in another register.',
    fields: (t) => ({
      scheme: t.exposeString('scheme', { description: 'The register. Example: `wikidata`.' }),
      value: t.exposeString('value', { description: 'The identifier in it. Example: `Q7184`.' }),
      source: t.exposeString('source', {
        nullable: true,
        description:
          'The source within which the identifier is unique, as named by an import; null for an identifier that is unique worldwide.',
      }),
    }),
  });

Entity.implement({
  description: 'A subject of statements: an organization, a person, an office or a place.',
  interfaces: [Node, AnyRecord, Sourced],
  resolveType: ({ type }) => typenames[type],
  fields: (t) => ({
    slug: t.exposeString('slug', {
      description:
        'A readable identifier for addresses and queries, unique among all entities. Example: `nato`.',
    }),
    name: t.exposeString('name', { description: 'Its best-known name.' }),
    names: t.field({
      type: [EntityName],
      description: 'Its other names: official, short, former, in other languages.',
      args: {
        asOf: t.arg({
          type: 'PartialDate',
          description: 'Only names that were in use at some time in this date; see `certainty`.',
        }),
        certainty: t.arg(certaintyOption),
      },
      resolve: ({ id }, args, { knowledge, view }) => {
        const asOf = asOfOf(args);
        return knowledge.entities.names.of(view, id, asOf ? { asOf } : undefined);
      },
    }),
    description: t.exposeString('description', {
      costs: text,
      nullable: true,
      description: 'A description of one sentence; null if there is none.',
    }),
    urls: t.expose('urls', { type: ['URL'], description: 'Its own pages on the web.' }),
    identifiers: t.field({
      type: [Identifier],
      description: 'Its identifiers in other registers, such as Wikidata.',
      resolve: ({ id }, _args, { knowledge, view }) => knowledge.entities.identifiers.of(view, id),
    }),
    mentions: t.field(
      connection(mentionListing, {
        description: 'The articles that name it, each with the positions in its text.',
        list: ({ mentions }) => mentions,
        parent: ({ id }: EntityRecord) => ({ relation: 'entity', id }),
      }),
    ),
    statementsAbout: t.field(
      connection(statementListing, {
        description: 'The statements about it.',
        list: ({ statements }) => statements,
        parent: ({ id }: EntityRecord) => ({ relation: 'about', id }),
      }),
    ),
    events: t.field(
      connection(eventListing, {
        description: 'The events in which it took part.',
        list: ({ events }) => events,
        parent: ({ id }: EntityRecord) => ({ relation: 'participant', id }),
      }),
    ),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that support its own fields.',
        list: ({ references }) => references,
        parent: ({ id }: EntityRecord) => ({ relation: 'entity', id }),
      }),
    ),
  }),
});

Speaker.implement({
  description: 'An entity that can make statements: a person or an organization.',
  interfaces: [Node, AnyRecord, Sourced, Entity],
  resolveType: ({ type }) => typenames[type],
  fields: (t) => ({
    statements: t.field(
      connection(statementListing, {
        description:
          'The statements that it made; of an organization, also those made on its behalf.',
        list: ({ statements }) => statements,
        parent: ({ id }: EntityRecord) => ({ relation: 'speaker', id }),
      }),
    ),
  }),
});

builder.queryFields((t) => ({
  entity: t.field({
    type: Entity,
    nullable: true,
    description: 'The organization, person, office or place with this slug; null if there is none.',
    args: slugArgs(),
    resolve: async (_root, { slug }, { knowledge, view }, info) =>
      (await knowledge.entities.bySlug(view, slugIn(slug), selectedColumns(info))) ?? null,
  }),
  entityByIdentifier: t.field({
    type: Entity,
    nullable: true,
    description:
      'The entity with this identifier in another register; null if there is none. Example: `entityByIdentifier(scheme: "wikidata", value: "Q7184")`.',
    args: {
      scheme: t.arg.string({ required: true, description: 'The register, such as `wikidata`.' }),
      value: t.arg.string({ required: true, description: 'The identifier in it.' }),
      source: t.arg.string({
        description:
          'The source within which the identifier is unique, as in `Identifier.source`. Omitted or null: an identifier that is unique worldwide.',
      }),
      type: t.arg({
        type: EntityType,
        description:
          'Only an entity of this type: within a source, a person and an organization may have the same identifier.',
      }),
    },
    resolve: async (_root, { scheme, value, source, type }, { knowledge, view }, info) => {
      const within = { source: source ?? undefined, type: type ?? undefined };
      const found = await knowledge.entities.byIdentifier(
        view,
        scheme,
        value,
        within,
        selectedColumns(info),
      );
      if (found !== 'several') return found ?? null;
      throw badInput('type', 'is needed: entities of several types have this identifier');
    },
  }),
}));
