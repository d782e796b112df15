/** Parses lines of JSON: the stream itself, and other formats of one JSON object per line. */
import { parseJson } from '../../values/numbers.js';
import type { ParsedRecord, Unreadable } from '../stream/parsedRecord.js';
import type { Line } from '../stream/lines.js';
import { isTooDeep, tooDeep } from './nesting.js';

/** The record in a line. */
export function parseLine({ origin, text }: Line): ParsedRecord {
  let data: unknown;
  try {
    data = parseJson(text);
  } catch (error) {
    const { message } = error as Error;
    return {
      origin,
      problem: `the line is not JSON: ${message}. The file may be truncated`,
      text,
    };
  }
  if (isTooDeep(data)) return { origin, problem: `the line is not a record: ${tooDeep}` };
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { origin, data };
  return { origin, problem: 'the line is not a JSON object', text };
}

/** The records of a file with one record per line. */
export async function* readJsonLines(
  lines: AsyncIterable<(Line | Unreadable)[]>,
): AsyncGenerator<ParsedRecord[]> {
  for await (const some of lines) {
    yield some.map((line) => ('problem' in line ? line : parseLine(line)));
  }
}
