/** The context of a request, as far as an app's own resolvers may rely on it. */
import type {
  Article,
  Entity,
  Event,
  Membership,
  Mention,
  Position,
  Reference,
  Statement,
} from './records.js';

/** The request that a read is for; readers take it as it is. */
export interface RequestView {
  reads?: Set<string> | undefined;
}

/** Reads records of one type by key: all keys of one turn of the event loop in one statement. */
export interface RecordReader<Row> {
  /**
   * The record with this key; undefined if there is none that the client may read.
   *
   * @param columns The columns to read, such as `selectedColumns(info)`. Default: all.
   */
  get(view: RequestView, id: string, columns?: readonly string[]): Promise<Row | undefined>;
}

/** The same for records that also have a slug. */
export interface SluggedReader<Row> extends RecordReader<Row> {
  bySlug(view: RequestView, slug: string, columns?: readonly string[]): Promise<Row | undefined>;
}

export interface EntityReader extends SluggedReader<Entity> {
  /** The entity with this key or slug if it is of this type: `as(view, 'PLACE', { id })`. */
  as<Type extends Entity['type']>(
    view: RequestView,
    type: Type,
    ref: { id: string } | { slug: string },
    columns?: readonly string[],
  ): Promise<Extract<Entity, { type: Type }> | undefined>;
}

/**
 * One object for each request. Drafts and earlier states are applied already: the readers return
 * what this client may read.
 */
export interface ChanceryContext {
  readonly knowledge: {
    /** Organizations, people, offices and places, by one statement for all four types. */
    readonly entities: EntityReader;
    readonly positions: RecordReader<Position>;
    readonly memberships: RecordReader<Membership>;
    readonly events: SluggedReader<Event>;
    readonly articles: SluggedReader<Article>;
    readonly statements: RecordReader<Statement>;
    readonly references: RecordReader<Reference>;
    readonly mentions: RecordReader<Mention>;
  };
  /** The first argument of the readers. */
  readonly view: RequestView;
  /** The authenticated client; undefined for an anonymous one. */
  readonly identity?:
    { id?: string; name: string; role: 'READER' | 'EDITOR' | 'ADMIN' } | undefined;
  /** The moment whose state is read; undefined for the present. */
  readonly asKnownAt?: Date | undefined;
  /** The id of the request in logs. */
  readonly requestId?: string | undefined;
  /** Aborted when the client disconnects or the request times out; undefined for queries. */
  readonly abortSignal?: AbortSignal | undefined;
}
