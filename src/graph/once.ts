/**
 * Equal fields of an object are resolved once: the same field, with the same arguments and the
 * same selection, under several aliases.
 */
import { isObjectType, print, type FieldNode, type GraphQLSchema } from 'graphql';
import type { GraphContext } from './context.js';
import type { Costs } from './costs.js';

/** Has the fields that take work, those with arguments or a weight, remember what they resolved to. */
export function resolveOnce(schema: GraphQLSchema): GraphQLSchema {
  const withEffects = new Set([schema.getMutationType(), schema.getSubscriptionType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || withEffects.has(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve, args: parameters, extensions } = field;
      const { weight = 0 } = (extensions['costs'] ?? {}) as Costs;
      if (!resolve || (parameters.length === 0 && weight < 1)) continue;
      const name = `${type.name}.${field.name}`;
      field.resolve = (parent: object | undefined, args, context: GraphContext, info) => {
        const [node, another] = info.fieldNodes;
        if (!node?.alias || another) return resolve(parent, args, context, info);
        const resolved = resolvedOf(context, parent);
        const key = `${name} ${JSON.stringify(args)} ${selectionOf(node)}`;
        if (!resolved.has(key)) resolved.set(key, resolve(parent, args, context, info));
        return resolved.get(key);
      };
    }
  }
  return schema;
}

// Private:

/** What fields resolved to, by request and object: batches share records among requests. */
const known = new WeakMap<GraphContext, WeakMap<object, Map<string, unknown>>>();

function resolvedOf(context: GraphContext, parent: object = context): Map<string, unknown> {
  let ofRequest = known.get(context);
  if (!ofRequest) known.set(context, (ofRequest = new WeakMap<object, Map<string, unknown>>()));
  let resolved = ofRequest.get(parent);
  if (!resolved) ofRequest.set(parent, (resolved = new Map<string, unknown>()));
  return resolved;
}

/** A document that comes again is not printed again. */
const selections = new WeakMap<FieldNode, string>();

function selectionOf(node: FieldNode): string {
  if (!node.selectionSet) return '';
  let text = selections.get(node);
  if (text === undefined) selections.set(node, (text = print(node.selectionSet)));
  return text;
}
