/** From the input of a mutation to the form in which records are validated. */
import type { Values } from '../../knowledge/model/recordLists.js';
import {
  type RecordTypeName,
  recordTypeByName,
  recordTypes,
} from '../../knowledge/model/recordTypes.js';
import { decodeGlobalId, looksLikeGlobalId } from '../relay/globalId.js';

/** The input as an imported record: ids as links, identifiers by scheme. */
export function recordFields(type: RecordTypeName, input: Values): Values {
  const linked = recordTypes[recordTypeByName[type]].links;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      if (value === null || value === undefined) return [name, value];
      if (name === 'identifiers') return [name, byScheme(value as Identifier[])];
      if (name === 'references') return [name, withArticles(value as Values[])];
      if (name === 'statuses') {
        return [
          name,
          (value as Values[]).map(({ references: passages, ...status }) => ({
            ...status,
            ...(passages ? { references: withArticles(passages as Values[]) } : {}),
          })),
        ];
      }
      return [name, name in linked ? link(value) : value];
    }),
  );
}

/** A link as editors write it, an id or a slug. */
export function link(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(link);
  if (typeof value === 'string') {
    return looksLikeGlobalId(value) ? { id: decodeGlobalId(value, 'input').id } : value;
  }
  const { entity: named, ...rest } = value as Values;
  return { ...withoutNull(rest), entity: link(named) };
}

// Private:

interface Identifier {
  scheme: string;
  value: string;
  source?: string | null;
}

function byScheme(identifiers: readonly Identifier[]): Values {
  const schemes = new Map<string, unknown[]>();
  for (const { scheme, value, source } of identifiers) {
    const identifier = typeof source === 'string' ? { value, source } : value;
    schemes.set(scheme, [...(schemes.get(scheme) ?? []), identifier]);
  }
  return Object.fromEntries(schemes);
}

const withArticles = (passages: readonly Values[]): Values[] =>
  passages.map(({ article, ...rest }) => ({
    ...withoutNull(rest),
    ...(article !== null && article !== undefined && { article: link(article) }),
  }));

const withoutNull = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
