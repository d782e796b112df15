/** `Record`: what records of all types have in common. `curation/history.ts` adds its history. */
import { recordTypes, type RecordTypeName } from '../knowledge/model/recordTypes.js';
import { capitalized, shortened, withArticle } from '../knowledge/values/english.js';
import type { GraphContext } from './context.js';
import { AnyRecord, Node, type RecordShape, type Typed } from './refs.js';
import { describedEnum } from './values/enum.js';

export const RecordTypeRef = describedEnum<RecordTypeName>(
  'RecordType',
  'The types of records.',
  Object.fromEntries(
    Object.values(recordTypes).map(({ graphqlName, singular }) => [
      graphqlName,
      graphqlName === 'Position'
        ? 'A position of a person.'
        : `${capitalized(withArticle(singular))}.`,
    ]),
  ) as Record<RecordTypeName, string>,
  (name) => name.toUpperCase(),
);

export const PublicationStatus = describedEnum<'DRAFT' | 'PUBLISHED'>(
  'PublicationStatus',
  'To whom a record is visible.',
  { DRAFT: 'To editors only, until it is published.', PUBLISHED: 'To all clients.' },
);

const maxCaptionLength = 120;

AnyRecord.implement({
  description:
    'A record that editors create and change. Example, one line for a record of any type: `... on Record { recordType caption }`.',
  interfaces: [Node],
  // Resolvers that return a record of any type set its `__typename`.
  resolveType: (value) => (value as Typed<RecordShape>).__typename,
  fields: (t) => ({
    recordType: t.field({
      type: RecordTypeRef,
      description: 'The type of the record.',
      columns: [],
      resolve: (_record, _args, _context, info) => info.parentType.name as RecordTypeName,
    }),
    caption: t.string({
      description: `Its line in a list: the name, title or role, or the first ${maxCaptionLength} characters of a statement.`,
      columns: ['name', 'title', 'role', 'text'],
      resolve: (record) => captionOf(record as Captioned),
    }),
    publicationStatus: t.expose('publicationStatus', {
      type: PublicationStatus,
      description: 'To whom it is visible; for readers always `PUBLISHED`.',
    }),
    revision: t.int({
      description: 'The number of its revisions, for `expectedRevision`; 0 without history.',
      columns: [],
      resolve: ({ id }, _args, { knowledge, view }: GraphContext) =>
        knowledge.revisionNumbers.of(view, id),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was added here.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it last changed.',
    }),
  }),
});

// Private:

/** The columns of which each type has one. */
interface Captioned {
  name?: string;
  title?: string;
  role?: string;
  text?: string;
}

const captionOf = ({ name, title, role, text = '' }: Captioned): string =>
  name ??
  title ??
  (role === undefined ? shortened(text, maxCaptionLength, maxCaptionLength - 1) : spoken(role));

/** `OBSERVER` → `Observer`. */
const spoken = (value: string): string => capitalized(value.toLowerCase().replaceAll('_', ' '));
