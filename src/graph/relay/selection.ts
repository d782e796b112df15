/**
 * What a query selects of the field being resolved: the columns of its record, and the parts of
 * a connection. `@skip` and `@include` are ignored: what may be selected counts as selected.
 */
import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type SelectionSetNode,
} from 'graphql';
import type { SelectedColumns } from '../../knowledge/reading/selectedColumns.js';
import { columnsRead } from '../plugin/fieldOptions.js';

/** The parts of a connection to read. */
export interface ConnectionSelection {
  /** The columns of its rows; undefined if no row is selected. */
  rows: SelectedColumns | undefined;
  cursors: boolean;
  totalCount: boolean;
}

/**
 * The columns that the selected fields of a record read: the column of the field's name, or of
 * that name with `Id`, or those of its option `columns`; of a record joined to another,
 * `article.title`.
 */
export const selectedColumns = cachedByNode((info): SelectedColumns => [
  ...new Set(selectionsOf(info).flatMap((selection) => columnsOfSelection(selection, info))),
]);

/** What a query selects of a connection. */
export const connectionSelection = cachedByNode((info): ConnectionSelection => {
  const selected = selectionsOf(info);
  const rows = selected.flatMap((selection) => {
    if (selection.field.name === 'nodes') return [selection];
    return selection.field.name === 'edges' ? below(selection, info, 'node') : [];
  });
  const columns = rows.flatMap((row) =>
    below(row, info).flatMap((selection) => columnsOfSelection(selection, info)),
  );
  const names = new Set(selected.map(({ field }) => field.name));
  const cursors = selected.some((selection) =>
    below(selection, info).some(({ field }) => /cursor$/i.test(field.name)),
  );
  const anyRow = names.has('nodes') || names.has('edges') || names.has('pageInfo');
  return {
    rows: anyRow ? [...new Set(columns)] : undefined,
    cursors,
    totalCount: names.has('totalCount'),
  };
});

// Private:

interface Selection {
  field: GraphQLField<unknown, unknown>;
  node: FieldNode;
}

/** Caches by field node: a repeated query is the same document. */
function cachedByNode<Result extends object>(
  compute: (info: GraphQLResolveInfo) => Result,
): (info: GraphQLResolveInfo) => Result {
  const cache = new WeakMap<FieldNode, Result>();
  return (info) => {
    const [node, another] = info.fieldNodes;
    if (!node || another) return compute(info);
    let result = cache.get(node);
    if (!result) cache.set(node, (result = compute(info)));
    return result;
  };
}

const selectionsOf = (info: GraphQLResolveInfo): Selection[] =>
  info.fieldNodes.flatMap((node) =>
    fieldsIn(node.selectionSet, getNamedType(info.returnType), info),
  );

const below = ({ field, node }: Selection, info: GraphQLResolveInfo, name?: string): Selection[] =>
  fieldsIn(node.selectionSet, getNamedType(field.type), info).filter(
    (selection) => name === undefined || selection.field.name === name,
  );

/** The columns that a field reads, and those of its record, where that is joined. */
function columnsOfSelection(selection: Selection, info: GraphQLResolveInfo): readonly string[] {
  const { field, node } = selection;
  if (!node.selectionSet) return columnsRead(field);
  const nested = below(selection, info).flatMap((each) => columnsRead(each.field));
  return [...columnsRead(field), ...['id', ...nested].map((column) => `${field.name}.${column}`)];
}

function fieldsIn(
  set: SelectionSetNode | undefined,
  type: GraphQLNamedType,
  info: GraphQLResolveInfo,
  spread = new Set<string>(),
): Selection[] {
  const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      const field = fields[selection.name.value];
      return field ? [{ field, node: selection }] : [];
    }
    // Without it, fragments that spread others twice would take exponential time.
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (spread.has(selection.name.value)) return [];
      spread.add(selection.name.value);
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
    const condition = fragment?.typeCondition?.name.value;
    const on = condition === undefined ? type : info.schema.getType(condition);
    return on ? fieldsIn(fragment?.selectionSet, on, info, spread) : [];
  });
}
