/** Reads a FollowTheMoney file twice: first for references between entities, then for records. */
import { isUnreadable, type ParsedRecord, type RecordData } from '../stream/parsedRecord.js';
import { readLines, type ByteSource } from '../stream/lines.js';
import { FollowTheMoney } from './followTheMoney.js';
import type { LeftOutCounts } from './leftOut.js';
import { flattened, NestedEntities } from './followTheMoneyNested.js';
import { parseLine } from './jsonl.js';
import { joinedTerms, Tenures } from './tenures.js';

/**
 * The records of a file.
 *
 * @param within The source within which ids are unique.
 * @param onBytes Called with the number of bytes read.
 * @param onSkipped Called at the end with the number of entities without a record, by schema.
 */
export async function* readFollowTheMoney(
  source: ByteSource,
  within: string,
  onBytes: (bytes: number) => void,
  onSkipped: (skipped: LeftOutCounts) => void = () => {},
): AsyncGenerator<ParsedRecord[]> {
  const entities = new FollowTheMoney(within, source.name);
  const nested = new NestedEntities();
  for await (const lines of readLines(source)) {
    for (const line of lines) {
      const record = isUnreadable(line) ? line : parseLine(line);
      if (isUnreadable(record)) continue;
      const all = flattened(record);
      nested.note(all);
      for (const each of all) entities.note(each);
    }
  }
  const tenures = new Tenures();
  try {
    for await (const lines of readLines(source, onBytes)) {
      const incoming = lines.flatMap((line) => {
        const record = isUnreadable(line) ? line : parseLine(line);
        if (isUnreadable(record)) return record;
        return nested.firsts(flattened(record)).flatMap((each) => entities.recordsOf(each));
      });
      const joined = await tenures.take(
        incoming.filter((each): each is RecordData => !isUnreadable(each)),
      );
      yield [...incoming.filter(isUnreadable), ...joined];
    }
    yield* tenures.records();
  } finally {
    await tenures.dispose();
  }
  entities.leftOut.add(joinedTerms, tenures.joined, tenures.firstJoined);
  onSkipped(entities.skipped);
}
