/**
 * FollowTheMoney entities that stand whole within others, in place of their ids, as files for
 * display have them: an Occupancy within a Person, with its Position within that.
 */
import type { RecordData } from '../stream/parsedRecord.js';
import { textOf } from './normalize.js';
import { isData } from '../../values/data.js';

type Data = Record<string, unknown>;

/**
 * The entities of a line: those within others first, and in their place their ids. An entity that
 * names the one around it is no value of it; only its list of what names it has it.
 */
export function flattened(record: RecordData): RecordData[] {
  const within: RecordData[] = [];
  const data = withoutNested(record.data as Data, (nested) => {
    within.push({ origin: record.origin, data: nested });
  });
  return [...within, { ...record, data }];
}

/** Entities within others may be repeated by each of them; the first time counts. */
export class NestedEntities {
  /** The ids, and whether they were seen. */
  readonly #seen = new Map<string, boolean>();

  /** Takes note of those within the last of these. */
  note(entities: readonly RecordData[]): void {
    for (const { data } of entities.slice(0, -1)) {
      this.#seen.set(textOf((data as Data)['id']) ?? '', false);
    }
  }

  /** Those that were not seen before. Entities that stand within no other one all count. */
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
