/** `_entities`: records by the keys that the gateway of a supergraph sends. */
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import type { SelectedColumns } from '../../knowledge/reading/selectedColumns.js';
import type { GraphContext } from '../context.js';
import { greatestLength } from '../costs.js';
import { badInput, quoted } from '../errors.js';
import { slugIn } from '../links.js';
import type { Typed } from '../refs.js';
import { decodeGlobalId, type NodeType } from '../relay/globalId.js';
import { hasSlug, loadBySlug, loadNode, nodeTypes } from '../relay/node.js';

type Found = Promise<Typed<{ id: string }> | null>;

/**
 * The records in the order of their representations: null where the client may read none. Each is a
 * promise of its own, so that a representation at fault is null, with its error, beside the others.
 *
 * @throws BAD_USER_INPUT for too many
 */
export function entitiesOf(
  representations: readonly unknown[],
  context: GraphContext,
  columns: SelectedColumns,
): Found[] {
  const { length } = representations;
  if (length > greatestLength) {
    throw badInput('representations', `must be at most ${greatestLength}, but are ${length}`);
  }
  return representations.map(async (representation, i) =>
    entityOf(representation, `representations[${i}]`, context, columns),
  );
}

// Private:

function entityOf(
  representation: unknown,
  path: string,
  context: GraphContext,
  columns: SelectedColumns,
): Found {
  if (typeof representation !== 'object' || representation === null) {
    throw badInput(path, `must be an object with __typename, but is ${quoted(representation)}`);
  }
  const { __typename, id, slug } = representation as Record<string, unknown>;
  const type = nodeTypes.find((name) => name === __typename);
  if (!type) {
    throw badInput(
      `${path}.__typename`,
      `must be a type with a key, but is ${quoted(__typename)}; those are ${nodeTypes.join(', ')}`,
    );
  }
  if (typeof id === 'string') {
    return loadNode(context, type, keyOf(id, type, `${path}.id`), columns);
  }
  if (typeof slug === 'string' && hasSlug(type)) {
    return loadBySlug(context, type, slugIn(slug, `${path}.slug`), columns);
  }
  throw badInput(path, `must have the key ${hasSlug(type) ? 'id or slug' : 'id'}, a text`);
}

function keyOf(id: string, type: NodeType, argument: string): string {
  const decoded = decodeGlobalId(id, argument);
  if (decoded.type === type) return decoded.id;
  const [expected, actual] = [type, decoded.type].map((name) => withArticle(wordsOf(name)));
  throw badInput(argument, `must be the id of ${expected}, but is the id of ${actual}`);
}
