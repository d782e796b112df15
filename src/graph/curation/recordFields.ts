/** From the input of a mutation to the form in which records are validated, and back for issues. */
import type { Values } from '../../knowledge/model/recordLists.js';
import {
  recordTypes,
  type LinkTarget,
  type RecordType,
} from '../../knowledge/model/recordTypes.js';
import { InvalidEdit, type EditIssue } from '../../knowledge/validation/editErrors.js';
import { schemeName } from '../../knowledge/values/schemes.js';
import { linked } from './names.js';

/**
 * The input as an imported record: ids as links, identifiers by scheme.
 *
 * @throws InvalidEdit with all links that are not ids of the right type
 */
export function recordFields(type: RecordType, input: Values): Values {
  const issues: EditIssue[] = [];
  const reader = new InputReader(recordTypes[type].links, issues);
  const fields = Object.assign(
    {},
    ...Object.entries(input).map(([name, value]) => reader.read(name, value)),
  ) as Values;
  if (issues.length > 0) throw new InvalidEdit(issues);
  return fields;
}

/** The path of an issue of a record as the client wrote the field: `input.identifiers[0]`. */
export function inputPath(path: string, input: Values): string {
  if (/^input\.(latitude|longitude)$/.test(path)) {
    return path.replace('input.', 'input.coordinates.');
  }
  if (path.startsWith('input.references') && 'addReferences' in input) {
    return path.replace('input.references', 'input.addReferences');
  }
  if (path.startsWith('input.mentions')) return path.replace(/\.as(?=$|\[)/, '.names');
  return identifierPath(path, input['identifiers'] as Identifier[] | null | undefined) ?? path;
}

// Private:

type Links = Readonly<Record<string, readonly LinkTarget[]>>;

class InputReader {
  readonly #links: Links;
  readonly #issues: EditIssue[];

  constructor(links: Links, issues: EditIssue[]) {
    this.#links = links;
    this.#issues = issues;
  }

  /** The fields of the record for a field of the input. */
  read(name: string, value: unknown): Values {
    const path = `input.${name}`;
    if (name === 'coordinates') {
      return value === null ? { latitude: null, longitude: null } : (value as Values);
    }
    if (value === null || value === undefined) return { [name]: value };
    const targets = this.#links[name];
    switch (name) {
      case 'identifiers':
        return { identifiers: byScheme(value as Identifier[]) };
      case 'references':
      case 'addReferences':
        return { references: this.#references(value as Values[], path) };
      case 'statuses':
        return { statuses: this.#statuses(value as Values[], path) };
      case 'mentions':
        return { mentions: this.#mentions(value as MentionInput[], path, targets ?? []) };
      default:
        return { [name]: targets ? this.#linked(value, path, targets) : value };
    }
  }

  #references(passages: readonly Values[], path: string): Values[] {
    return passages.map(({ article, ...rest }, i) => ({
      ...withoutNull(rest),
      ...(typeof article === 'string' && {
        article: this.#linked(article, `${path}[${i}].article`, ['ARTICLE']),
      }),
    }));
  }

  #statuses(statuses: readonly Values[], path: string): Values[] {
    return statuses.map(({ references: passages, ...status }, i) => ({
      ...status,
      ...(passages
        ? { references: this.#references(passages as Values[], `${path}[${i}].references`) }
        : {}),
    }));
  }

  #mentions(
    mentions: readonly MentionInput[],
    path: string,
    targets: readonly LinkTarget[],
  ): Values[] {
    return mentions.map(({ entity, names }, i) => ({
      entity: this.#linked(entity, `${path}[${i}].entity`, targets),
      ...(names ? { as: names } : {}),
    }));
  }

  #linked(value: unknown, path: string, targets: readonly LinkTarget[]): unknown {
    if (Array.isArray(value)) {
      return value.map((each, i) => this.#linked(each, `${path}[${i}]`, targets));
    }
    try {
      return link(value as string, path, targets);
    } catch (error) {
      if (!(error instanceof InvalidEdit)) throw error;
      this.#issues.push(...error.issues);
      return undefined;
    }
  }
}

/** A link as validation takes it: a slug, or `{ id }`. */
function link(text: string, path: string, targets: readonly LinkTarget[]): unknown {
  const name = linked(text, path, targets);
  return 'slug' in name ? name.slug : name;
}

interface MentionInput {
  entity: string;
  names?: string[] | null;
}

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

/** `input.identifiers.wikidata[1]` is the second of the input's identifiers with this scheme. */
function identifierPath(
  path: string,
  identifiers: readonly Identifier[] | null | undefined,
): string | undefined {
  for (const { scheme } of identifiers ?? []) {
    const name = schemeName(scheme) || scheme;
    const prefix = `input.identifiers.${name}`;
    const rest = path.startsWith(prefix)
      ? /^(?:\[(\d+)\])?(\..*)?$/.exec(path.slice(prefix.length))
      : null;
    if (!rest) continue;
    const indexes = [...(identifiers ?? []).entries()].flatMap(([i, each]) =>
      (schemeName(each.scheme) || each.scheme) === name ? [i] : [],
    );
    return `input.identifiers[${indexes[Number(rest[1] ?? 0)] ?? indexes[0]}]${rest[2] ?? ''}`;
  }
  return undefined;
}

const withoutNull = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
