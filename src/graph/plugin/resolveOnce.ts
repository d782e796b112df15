/**
 * Equal fields of an object are resolved once: the same field, with the same arguments and the
 * same selection, under several aliases.
 */
import type { PothosOutputFieldConfig, SchemaTypes } from '@pothos/core';
import { defaultFieldResolver, print, type FieldNode, type GraphQLFieldResolver } from 'graphql';
import { costsOf } from './fieldOptions.js';

/** Caches, per request and object, what fields with arguments or with a weight resolve to. */
export function resolveOnce<Types extends SchemaTypes>(
  resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
  { parentType, name, args: parameters, extensions }: PothosOutputFieldConfig<Types>,
): GraphQLFieldResolver<unknown, Types['Context'], object> {
  const { weight = 0 } = costsOf({ extensions: extensions ?? {} });
  const isCheap = Object.keys(parameters).length === 0 && weight < 1;
  if (isCheap || resolve === defaultFieldResolver) return resolve;
  const field = `${parentType}.${name}`;
  return (parent, args, context, info) => {
    const [node, another] = info.fieldNodes;
    if (!node?.alias || another) return resolve(parent, args, context, info);
    const resolved = resolvedOf(context, parent as object | undefined);
    const key = `${field} ${JSON.stringify(args)} ${selectionOf(node)}`;
    if (!resolved.has(key)) resolved.set(key, resolve(parent, args, context, info));
    return resolved.get(key);
  };
}

// Private:

/** By request first: batches share records among requests. */
const cache = new WeakMap<object, WeakMap<object, Map<string, unknown>>>();

function resolvedOf(context: object, parent: object = context): Map<string, unknown> {
  let ofRequest = cache.get(context);
  if (!ofRequest) cache.set(context, (ofRequest = new WeakMap<object, Map<string, unknown>>()));
  let resolved = ofRequest.get(parent);
  if (!resolved) ofRequest.set(parent, (resolved = new Map<string, unknown>()));
  return resolved;
}

/** Documents are cached, so the selection of a repeated query is printed once. */
const selections = new WeakMap<FieldNode, string>();

function selectionOf(node: FieldNode): string {
  if (!node.selectionSet) return '';
  let text = selections.get(node);
  if (text === undefined) selections.set(node, (text = print(node.selectionSet)));
  return text;
}
