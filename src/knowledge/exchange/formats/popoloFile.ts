/** Reads a Popolo file twice: first for references between objects, then for records. */
import {
  isUnreadable,
  type ParsedRecord,
  type RecordData,
  type Unreadable,
} from '../stream/parsedRecord.js';
import { readingProblem, readLines, unpackedChunks, type ByteSource } from '../stream/lines.js';
import { parseLine } from './jsonl.js';
import { LeftOut, type LeftOutCounts } from './leftOut.js';
import { PopoloContext } from './popolo.js';
import { DocumentParser, objectOf, type DocumentOptions } from './popoloDocument.js';
import {
  classNamed,
  classOf,
  embeddedIn,
  type PopoloClass,
  type PopoloObject,
} from './popoloObjects.js';
import { shapeOf, type PopoloShape } from './popoloShape.js';
import { joinedTerms, Tenures } from './tenures.js';

/**
 * The records of a file.
 *
 * @param ids The scheme of the ids, and the source within which they are unique.
 * @param onBytes Called with the number of bytes read.
 * @param onSkipped Called at the end with what was skipped.
 */
export async function* readPopolo(
  source: ByteSource,
  ids: { scheme: string; source: string },
  onBytes: (bytes: number) => void,
  onSkipped: (skipped: LeftOutCounts) => void = () => {},
): AsyncGenerator<ParsedRecord[]> {
  const context = new PopoloContext(ids, source.name);
  const shape = await shapeOf(source);
  const tenures = new Tenures();
  try {
    for await (const objects of readObjects(
      source,
      shape,
      () => {},
      new LeftOut({ file: source.name, line: 1 }),
    )) {
      for (const object of objects) {
        if (isUnreadable(object)) continue;
        // Nested objects leave their ids in it.
        const within = embeddedIn(object);
        for (const each of [object, ...within]) context.note(each);
      }
    }
    for await (const objects of readObjects(source, shape, onBytes, context.leftOut)) {
      const records: ParsedRecord[] = [];
      for (const object of objects) {
        if (isUnreadable(object)) records.push(object);
        else records.push(...(await tenures.take(recordsIn(object, context))));
      }
      yield records;
    }
    yield* tenures.records();
  } finally {
    await tenures.dispose();
  }
  context.leftOut.add(joinedTerms, tenures.joined, tenures.firstJoined);
  onSkipped(context.skipped);
}

// Private:

type Objects = AsyncGenerator<(PopoloObject | Unreadable)[]>;
type Data = Record<string, unknown>;

const recordsIn = (object: PopoloObject, context: PopoloContext): RecordData[] =>
  [...embeddedIn(object), object].flatMap((each) => context.recordsOf(each));

function readObjects(
  source: ByteSource,
  shape: PopoloShape,
  onBytes: (bytes: number) => void,
  leftOut: LeftOut,
): Objects {
  const byDefault = classOfFile(source.name);
  return shape === 'lines'
    ? readOnePerLine(source, byDefault, onBytes)
    : readDocument(source, { shape, byDefault, leftOut }, onBytes);
}

/** Objects in `people.json` are people by default. */
function classOfFile(name: string): PopoloClass | undefined {
  const words = (name.split(/[\\/]/).at(-1) ?? '').toLowerCase().split(/[^a-z]+/);
  return words.map(classNamed).find(Boolean);
}

async function* readOnePerLine(
  source: ByteSource,
  byDefault: PopoloClass | undefined,
  onBytes: (bytes: number) => void,
): Objects {
  for await (const lines of readLines(source, onBytes)) {
    yield lines.map((line) => {
      const parsed = isUnreadable(line) ? line : parseLine(line);
      if (isUnreadable(parsed)) return parsed;
      const data = parsed.data as Data;
      return objectOf(data, parsed.origin, classOf(data) ?? byDefault);
    });
  }
}

async function* readDocument(
  source: ByteSource,
  options: DocumentOptions,
  onBytes: (bytes: number) => void,
): Objects {
  const document = new DocumentParser(source.name, options);
  try {
    for await (const chunk of unpackedChunks(source, onBytes)) {
      yield document.read(chunk);
      if (document.failed) return;
    }
    yield document.end();
  } catch (error) {
    const problem = readingProblem(error);
    if (problem === undefined) throw error;
    yield [{ origin: { file: source.name, line: document.line }, problem }];
  }
}
