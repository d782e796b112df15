/** Counts of a list's items by common values: `offices { groups(by: [KIND]) { values { text } count } }`. */
import type { SelectedColumns } from '../../knowledge/reading/selectedColumns.js';
import type { Group } from '../../knowledge/reading/groups.js';
import { plural, wordsOf } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import { Entity } from '../refs.js';
import { describedEnum } from '../values/enum.js';
import { selectedColumns } from './selection.js';
import type { OpenConnectionRef } from './types.js';

const maxGroups = 1000;
const maxKeys = 3;

const GroupValue = builder.objectRef<CommonValue>('GroupValue').implement({
  description: 'A value that the items of a group have in common.',
  fields: (t) => ({
    text: t.string({
      nullable: true,
      description: 'An enum value, a year, a title, the slug of an entity; null if unknown.',
      resolve: async ({ value, isEntity }, _args, context) =>
        isEntity ? ((await entityOf(value, context, ['slug']))?.slug ?? null) : value,
    }),
    entity: t.field({
      type: Entity,
      nullable: true,
      description: 'The entity; null for other values, and if unknown.',
      resolve: ({ value, isEntity }, _args, context, info) =>
        isEntity ? entityOf(value, context, selectedColumns(info)) : null,
    }),
  }),
});

export const GroupType = builder.objectRef<Group>('Group').implement({
  description:
    'Items of a list with the same values, and their number. Example, the embassies in a list of offices: `{ values: [{ text: "EMBASSY" }], count: 120 }`.',
  fields: (t) => ({
    values: t.field({
      type: [GroupValue],
      description: 'The common values, in the order of `by`.',
      resolve: ({ keys }) => keys,
    }),
    count: t.exposeInt('count', { description: 'The number of items.' }),
  }),
});

/** Adds `groups` and `groupCount` to the connection of a type. */
export function addGroups<Row>(
  connection: OpenConnectionRef<Row>,
  name: string,
  groupBy: Record<string, string>,
): void {
  const by = describedEnum(
    `${name}GroupBy`,
    `The values by which a list of ${plural(wordsOf(name))} can be counted.`,
    groupBy,
  );
  builder.objectFields(connection, (t) => ({
    groups: t.field({
      type: [GroupType],
      costs: { perItem: { argument: 'by', weight: 500, ofMany: 100 } },
      description: `The items of the whole list, counted by common values: the largest groups first, groups of equal size by their values. An item with several values counts once in the group of each. Example: \`groups(by: [${Object.keys(groupBy)[0]}]) { values { text } count }\`.`,
      args: {
        by: t.arg({
          type: [by],
          required: true,
          description: `The values to count by, one to ${maxKeys}; each combination is a group.`,
        }),
        first: t.arg.int({
          defaultValue: 100,
          description: `The maximum number of groups: 1 to ${maxGroups}. \`groupCount\` is the number of all groups.`,
        }),
      },
      resolve: async ({ groups }, args) => {
        const limit = args.first ?? 100;
        if (limit < 1 || limit > maxGroups) {
          throw badInput('first', `must be from 1 to ${maxGroups}, but is ${limit}`);
        }
        const found = await groups?.(checkedValues(args.by), maxGroups);
        return found?.groups.slice(0, limit) ?? [];
      },
    }),
    groupCount: t.int({
      costs: { perItem: { argument: 'by', weight: 500, ofMany: 100 } },
      description: 'The number of all groups, also of those that `groups` leaves out.',
      args: {
        by: t.arg({ type: [by], required: true, description: 'The values to count by.' }),
      },
      resolve: async ({ groups }, args) =>
        (await groups?.(checkedValues(args.by), maxGroups))?.total ?? 0,
    }),
  }));
}

// Private:

type CommonValue = Group['keys'][number];

const entityOf = (
  value: string | null,
  { knowledge, view }: GraphContext,
  columns: SelectedColumns,
) =>
  value === null
    ? null
    : knowledge.entities.get(view, value, columns).then((entity) => entity ?? null);

function checkedValues(by: readonly string[]): string[] {
  if (by.length < 1 || by.length > maxKeys) {
    throw badInput('by', `must name 1 to ${maxKeys} values, but names ${by.length}`);
  }
  const twice = by.find((name, i) => by.indexOf(name) !== i);
  if (twice) throw badInput('by', `names ${twice} twice`);
  return [...by];
}
