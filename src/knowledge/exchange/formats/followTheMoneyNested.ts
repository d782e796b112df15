/**
 * Unnests FollowTheMoney entities that contain others in place of ids, as files for display do: an
 * Occupancy within a Person, with its Position within that.
 */
import type { RecordData } from '../stream/parsedRecord.js';
import { textOf } from './normalize.js';
import { isData } from '../../values/data.js';

type Data = Record<string, unknown>;

/**
 * The entities of a line, nested ones first, replaced by their ids. The entity around is not a value
 * of the nested one; only the inverse property contains it.
 */
export function flattened(record: RecordData): RecordData[] {
  const within: RecordData[] = [];
  const data = withoutNested(record.data as Data, (nested) => {
    within.push({ origin: record.origin, data: nested });
  });
  return [...within, { ...record, data }];
}

/** Nested entities may be repeated in several others; only the first occurrence counts. */
export class NestedEntities {
  /** The ids, and whether they were read. */
  readonly #seen = new Map<string, boolean>();

  /** Records the nested entities, that is, all but the last. */
  note(entities: readonly RecordData[]): void {
    for (const { data } of entities.slice(0, -1)) {
      this.#seen.set(textOf((data as Data)['id']) ?? '', false);
    }
  }

  /** The entities not read before. Entities that are not nested always count. */
  firsts(entities: readonly RecordData[]): RecordData[] {
    return entities.filter(({ data }) => {
      const id = textOf((data as Data)['id']) ?? '';
      const isSeen = this.#seen.get(id);
      if (isSeen === false) this.#seen.set(id, true);
      return isSeen !== true;
    });
  }
}

// Private:

function withoutNested(entity: Data, take: (nested: Data) => void): Data {
  const { id, properties } = entity;
  if (!isData(properties)) return entity;
  const plain = Object.entries(properties).map(([property, values]): [string, unknown] => {
    if (!Array.isArray(values) || !values.some(isEntity)) return [property, values];
    const kept = (values as unknown[]).flatMap((value) => {
      if (!isEntity(value)) return [value];
      const nested = withoutNested(value, take);
      take(nested);
      return names(nested, id) ? [] : [nested['id']];
    });
    return [property, kept];
  });
  return { ...entity, properties: Object.fromEntries(plain) };
}

const isEntity = (value: unknown): value is Data =>
  isData(value) && typeof value['schema'] === 'string' && textOf(value['id']) !== undefined;

const names = ({ properties }: Data, id: unknown): boolean =>
  isData(properties) &&
  Object.values(properties).some((values) => Array.isArray(values) && values.includes(id));
