import type { ArticleFilter, ArticleRecord } from '../knowledge/model/article.js';
import { builder } from './builder.js';
import { longText, text } from './costs.js';
import { limitNames } from './errors.js';
import { BodyAccessEnum, isWithheld } from './values/bodyAccess.js';
import { DateRangeInput, dateRange } from './values/dateRange.js';
import { entityKeys, linked, slugIn } from './links.js';
import { onlyId, slugArgs, slugKeys, slugOption } from './naming.js';
import { mentionListing } from './mention.js';
import { referenceListing } from './reference.js';
import { AnyRecord, Article, Node, Organization } from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { selectedColumns } from './relay/selection.js';
import { orderInput } from './relay/order.js';
import { statementListing } from './statement.js';

const ArticleFilterInput = builder.inputType('ArticleFilter', {
  description:
    'Selects articles. Example: `{ mentioning: ["nato"], publishedOn: { from: "2023" } }`.',
  fields: (t) => ({
    slug: t.stringList(slugOption),
    url: t.field({ type: ['URL'], description: 'At any of these addresses, as in `Article.url`.' }),
    publisher: t.idList({ description: 'Published by any of these, by id or slug.' }),
    publishedOn: t.field({
      type: DateRangeInput,
      description: 'Published within this range; undated articles do not match.',
    }),
    language: t.field({ type: ['Locale'], description: 'In any of these languages.' }),
    mentioning: t.idList({ description: 'Naming any of these, by id or slug.' }),
  }),
});

export const articleListing = {
  connection: connectionType('Article', Article, {
    PUBLISHER: 'The publisher.',
    LANGUAGE: 'The language.',
    YEAR: 'The year in which it was published.',
  }),
  filter: filterInput(
    ArticleFilterInput,
    async (input, context, path): Promise<ArticleFilter> => ({
      ids: await slugKeys(input.slug, `${path}.slug`, context, (slug) =>
        context.knowledge.articles.bySlug(context.view, slug, onlyId),
      ),
      url: limitNames(input.url, `${path}.url`),
      publisher: await entityKeys(input.publisher, `${path}.publisher`, context, 'ORGANIZATION'),
      publishedOn: dateRange(input.publishedOn, `${path}.publishedOn`),
      language: input.language ?? undefined,
      mentioning: await entityKeys(input.mentioning, `${path}.mentioning`, context),
    }),
    ['slug', 'url', 'publisher', 'mentioning'],
  ),
  order: orderInput(
    'Article',
    {
      PUBLISHED_ON: 'The date of publication; undated articles sort as the oldest.',
      TITLE: 'Its title, ignoring case and accents.',
      CREATED_AT: 'When it was added.',
    },
    { field: 'PUBLISHED_ON', direction: 'DESC' },
  ),
};

Article.implement({
  description: 'A news article, the source that the knowledge base cites.',
  interfaces: [Node, AnyRecord],
  fields: (t) => ({
    slug: t.exposeString('slug', {
      description: 'A readable identifier for addresses and queries, unique among articles.',
    }),
    title: t.exposeString('title', { description: 'Its headline.' }),
    byline: t.exposeString('byline', {
      nullable: true,
      costs: text,
      description: 'Its authors, as printed; null if unknown.',
    }),
    publisher: t.field({
      type: Organization,
      nullable: true,
      description: 'The organization that published it; null if unknown.',
      resolve: ({ publisherId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', publisherId, info),
    }),
    language: t.expose('language', {
      type: 'Locale',
      nullable: true,
      description: 'Its language; null if unknown.',
    }),
    url: t.expose('url', {
      type: 'URL',
      nullable: true,
      description: 'Its address on the web; null if unknown.',
    }),
    publishedOn: t.expose('publishedOn', {
      type: 'PartialDate',
      nullable: true,
      description: 'The date of publication, as precisely as it is known; null if unknown.',
    }),
    body: t.string({
      nullable: true,
      description:
        'Its text; null if the knowledge base does not hold it, and for clients other than editors if `bodyAccess` is `PASSAGES`. Offsets of references and mentions count its Unicode code points.',
      costs: longText,
      columns: ['bodyHash', 'bodyAccess'],
      resolve: async ({ id, bodyHash, bodyAccess }, _args, context) => {
        if (bodyHash === null || isWithheld(bodyAccess, context)) return null;
        const { knowledge, view, response } = context;
        const count = (bytes: number): void => response?.count(bytes);
        return (await knowledge.articleBodies.of(view, id, count)) ?? null;
      },
    }),
    bodyAccess: t.expose('bodyAccess', {
      type: BodyAccessEnum,
      description:
        'How much of its text clients other than editors may see. A new article gets the default of its publisher (`Organization.articleBodyAccess`), or else that of the server; a default that changes later does not change it. In an earlier state, too, it is the present value, so that a text that is withdrawn today is not shown there.',
    }),
    bodyHash: t.string({
      nullable: true,
      description:
        'The SHA-256 of its text in hexadecimal, to compare copies; null where `body` is, as it would confirm a guess of the text.',
      columns: ['bodyHash', 'bodyAccess'],
      resolve: ({ bodyHash, bodyAccess }, _args, context) =>
        isWithheld(bodyAccess, context) ? null : bodyHash,
    }),
    statements: t.field(
      connection(statementListing, {
        description:
          'The statements that it reports, by default in the order in which they were added.',
        list: ({ statements }) => statements,
        parent: ({ id }: ArticleRecord) => ({ relation: 'article', id }),
        defaultOrder: { field: 'CREATED_AT', direction: 'ASC' },
      }),
    ),
    mentions: t.field(
      connection(mentionListing, {
        description:
          'The entities that it names, by default in the order in which they first appear.',
        list: ({ mentions }) => mentions,
        parent: ({ id }: ArticleRecord) => ({ relation: 'article', id }),
        defaultOrder: { field: 'APPEARANCE', direction: 'ASC' },
      }),
    ),
    citedBy: t.field(
      connection(referenceListing, {
        description: 'The references that cite it, each with the fact that it supports.',
        list: ({ references }) => references,
        parent: ({ id }: ArticleRecord) => ({ relation: 'article', id }),
      }),
    ),
  }),
});

builder.queryFields((t) => ({
  article: t.field({
    type: Article,
    nullable: true,
    description: 'The article with this slug; null if there is none.',
    args: slugArgs(),
    resolve: async (_root, { slug }, { knowledge, view }, info) =>
      (await knowledge.articles.bySlug(view, slugIn(slug), selectedColumns(info))) ?? null,
  }),
  articles: t.field(
    connection(articleListing, {
      description: 'All articles. Example: `articles(filter: { publishedOn: { from: "2023" } })`.',
      list: ({ articles }) => articles,
    }),
  ),
}));
