/** A search hit: its record, its relevance, and the text that matches. */
import type { SearchType } from '../../knowledge/discovery/search/documentFilter.js';
import { asHtml, findPassage, type Passage } from '../../knowledge/discovery/search/highlight.js';
import type { SearchHit, SearchResults } from '../../knowledge/discovery/search/search.js';
import type { RecordTypeName } from '../../knowledge/model/recordTypes.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { longText } from '../costs.js';
import { AnyRecord } from '../refs.js';
import { loadRecord } from '../relay/node.js';
import { describedEnum } from '../values/enum.js';
import { TextRange } from '../values/textRange.js';

type Field = 'NAME' | 'TITLE' | 'TEXT' | 'BODY';

const SearchField = describedEnum<Field>(
  'SearchField',
  'The text of a record in which words of the query were found.',
  {
    NAME: 'A name of an entity, not always its main one.',
    TITLE: 'The title of an article or of a position.',
    TEXT: 'The text of a statement.',
    BODY: 'The body of an article; if its `bodyAccess` is `PASSAGES`, for clients other than editors a cited passage.',
  },
);

export type Hit = SearchHit & {
  results: SearchResults;
  /** The matching text, found when the first field that needs it is resolved. */
  passage?: Promise<Found>;
};

type Found = Passage & { field: Field };

const SearchPassage = builder.objectRef<Found>('SearchPassage').implement({
  description: 'The text of a result that contains words of the query, or most of them.',
  fields: (t) => ({
    field: t.expose('field', { type: SearchField, description: 'The field of the record.' }),
    text: t.exposeString('text', {
      description: 'The text; of a long text, the part with most of the words.',
    }),
    offset: t.exposeInt('offset', {
      description: 'The start of that part in the whole text, in Unicode code points.',
    }),
    ranges: t.field({
      type: [TextRange],
      description: 'The matches, as ranges of Unicode code points of `text`, in order.',
      resolve: ({ ranges }) => ranges,
    }),
  }),
});

export const SearchHitType = builder.objectRef<Hit>('SearchHit').implement({
  description: 'A record that a search found.',
  fields: (t) => ({
    score: t.exposeFloat('score', {
      description: 'The relevance, from 0 to 1, comparable within one search only.',
    }),
    node: t.field({
      type: AnyRecord,
      nullable: true,
      description:
        'The record. Example: `node { recordType caption ... on Person { birthDate } }`. Null only if it was deleted while the query ran.',
      resolve: ({ id, type }, _args, context, info) =>
        loadRecord(context, typenames[type], id, info),
    }),
    highlight: t.string({
      costs: longText,
      description:
        'Its text as HTML, safe to embed: special characters are escaped, and matches are enclosed in `<mark>`.',
      resolve: async (hit, _args, context) => asHtml(await passageOf(hit, context)),
    }),
    passage: t.field({
      costs: longText,
      type: SearchPassage,
      description: 'The same text and its matches, for other ways of display.',
      resolve: (hit, _args, context) => passageOf(hit, context),
    }),
  }),
});

// Private:

const typenames: Record<SearchType, RecordTypeName> = {
  ARTICLE: 'Article',
  STATEMENT: 'Statement',
  ORGANIZATION: 'Organization',
  PERSON: 'Person',
  OFFICE: 'Office',
  PLACE: 'Place',
  POSITION: 'Position',
};

const passageOf = (hit: Hit, context: GraphContext): Promise<Found> =>
  (hit.passage ??= findPassageOf(hit, context));

async function findPassageOf(
  { id, type, name, results: { marks, bodyPartsOf } }: Hit,
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
  let best: Found = { field: 'TITLE', ...title };
  for (const { text, start } of await bodyPartsOf(id)) {
    const inPart = await findPassage(text, marks);
    if (inPart.found <= best.found) continue;
    best = { field: 'BODY', ...inPart, offset: inPart.offset + start };
  }
  return best;
}
