/**
 * Fields of an app's own: the country in which an organization has its home, read from the knowledge
 * base, and the notes of the app's users on it, read from the app's own data.
 */
import { selectedColumns, type ChanceryContext, type Extension } from 'chancery';
import DataLoader from 'dataloader';

/** The data of the app: the notes on each of some organizations, by slug. */
export type ReadNotes = (slugs: readonly string[]) => Promise<string[][]>;

export const extension =
  (readNotes: ReadNotes): Extension =>
  (builder) => {
    const Note = builder.objectRef<{ text: string }>('Note').implement({
      description: 'A note of a user of this app.',
      fields: (t) => ({ text: t.exposeString('text', { description: 'Its text.' }) }),
    });

    builder.objectFields('Organization', (t) => ({
      homeCountry: t.field({
        type: 'Place',
        nullable: true,
        description: 'The country of its home; null if unknown.',
        // It reads nothing but records: the columns named here, and two others.
        columns: ['homeId'],
        cached: true,
        costs: { weight: 2 },
        resolve: async ({ homeId }, _args, { knowledge, view }, info) => {
          if (homeId === null) return null;
          const home = await knowledge.entities.as(view, 'PLACE', { id: homeId }, ['countryId']);
          const id = home?.countryId ?? homeId;
          return (
            (await knowledge.entities.as(view, 'PLACE', { id }, selectedColumns(info))) ?? null
          );
        },
      }),
      notes: t.field({
        type: [Note],
        description: 'The notes on it.',
        columns: ['slug'],
        resolve: async ({ slug }, _args, context) =>
          (await notesOf(context).load(slug)).map((text) => ({ text })),
      }),
    }));

    builder.queryFields((t) => ({
      appVersion: t.string({ description: 'The version of this app.', resolve: () => '1.0.0' }),
    }));

    // Private:

    /** One loader for each request, as its context is one object. */
    const loaders = new WeakMap<ChanceryContext, DataLoader<string, string[]>>();
    function notesOf(context: ChanceryContext): DataLoader<string, string[]> {
      let loader = loaders.get(context);
      if (!loader) loaders.set(context, (loader = new DataLoader(readNotes)));
      return loader;
    }
  };
