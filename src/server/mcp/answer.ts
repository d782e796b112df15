/** The text of an answer: JSON with a line for each key and each item, and its sources listed once. */
import { shortened } from '../../knowledge/values/english.js';
import type { Json, Reader } from './reader.js';
import type { Detail } from './budget.js';

/** What GraphQL returns of an article that is cited. */
export interface ArticleData {
  id: string;
  slug: string;
  title: string;
  url: string | null;
  publishedOn: string | null;
  publisher: { name: string } | null;
}

/** What GraphQL returns of the references of a fact. */
export interface PassagesData {
  totalCount: number;
  nodes: {
    id: string;
    field: string | null;
    exact: string | null;
    start: number | null;
    end: number | null;
    verified: boolean;
    article: ArticleData | null;
  }[];
}

export interface NamedData {
  slug: string;
  name: string;
}

type Fields = Record<string, Json | undefined>;

/** The sources of an answer: each article is listed once, and passages name it by a short key. */
export class Sources {
  readonly #articles = new Map<string, { key: string; article: ArticleData }>();
  readonly #reader: Pick<Reader, 'addressOf'>;
  readonly #detail: Detail;

  constructor(reader: Pick<Reader, 'addressOf'>, detail: Detail) {
    this.#reader = reader;
    this.#detail = detail;
  }

  /** The key of an article. */
  keyOf(article: ArticleData): string {
    let entry = this.#articles.get(article.id);
    if (!entry) {
      entry = { key: `a${this.#articles.size + 1}`, article };
      this.#articles.set(article.id, entry);
    }
    return entry.key;
  }

  /** The passages of a fact; the word `none` if there is none. */
  passages(...references: (PassagesData | null | undefined)[]): Fields {
    const found = references.filter((each) => each != null);
    const nodes = found.flatMap((each) => each.nodes);
    const total = found.reduce((sum, { totalCount }) => sum + totalCount, 0);
    if (total === 0) return { passages: 'none' };
    const shown = nodes.slice(0, this.#detail.passages);
    return {
      passages: shown.map(({ id, field, exact, start, end, verified, article }) =>
        compact({
          exact: clip(exact, this.#detail),
          article: article ? this.keyOf(article) : 'not visible',
          ...{ start, end, field, id },
          verified: verified ? undefined : false,
        }),
      ),
      morePassages: total - shown.length || undefined,
    };
  }

  /** The articles that passages have named; undefined without any. */
  toJSON(): Json | undefined {
    if (!this.#articles.size) return undefined;
    const listed = [...this.#articles.values()].map(({ key, article }) => [
      key,
      compact({
        title: clip(article.title, this.#detail),
        publisher: clip(article.publisher?.name, this.#detail),
        publishedOn: article.publishedOn,
        url: article.url,
        id: article.id,
        address: this.#reader.addressOf('article', article.slug),
      }),
    ]);
    return Object.fromEntries(listed) as Json;
  }
}

/** An entity in a fact: its name, and the slug that other calls take. */
export const named = (entity: NamedData | null | undefined): string | undefined =>
  entity ? `${clip(entity.name, { characters: 120 }) ?? ''} (${entity.slug})` : undefined;

export const namedList = (entities: readonly NamedData[]): string[] | undefined =>
  firstTen(entities, (entity) => named(entity) ?? '');

/** The first ten, and how many more there are. */
export function firstTen<Item>(
  items: readonly Item[],
  show: (item: Item) => string,
): string[] | undefined {
  if (!items.length) return undefined;
  const shown = items.slice(0, 10).map(show);
  return items.length > 10 ? [...shown, `and ${items.length - 10} more`] : shown;
}

/** A text of at most that many characters; what is cut is counted. */
export function clip(
  text: string | null | undefined,
  { characters }: Pick<Detail, 'characters'>,
): string | undefined {
  if (text == null || text.length <= characters) return text ?? undefined;
  return `${shortened(text, characters, characters)} (${text.length - characters} more characters)`;
}

/** Without keys that have no value. */
export const compact = (fields: Fields): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Record<string, Json>;

/** Writes an answer: a line for each key, and for each item of its lists. */
export function write(fields: Fields): string {
  const lines = Object.entries(compact(fields)).map(([key, value]) => {
    const isList = Array.isArray(value) && value.some((item) => typeof item === 'object');
    const text = isList
      ? `[\n${value.map((item) => JSON.stringify(item)).join(',\n')}\n]`
      : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `{${lines.join(',\n')}}`;
}
