/**
 * Imports streams of any size in batches, each of them atomic. An interrupted import is repeated
 * from the start: records that exist already stay unchanged.
 */
import { sql } from 'drizzle-orm';
import type { Database } from '../../../database/database.js';
import { checkAuthor, importIdentity } from '../../auth/author.js';
import { identifiersIn } from '../../values/identifiers.js';
import { schemeName } from '../../values/schemes.js';
import { rankEntities } from '../../writing/searchable.js';
import { lockWriting } from '../../writing/lock.js';
import { BatchWriter } from './batchWriter.js';
import { readEntry, type Provenance } from './entries.js';
import type { StreamImportOptions, StreamSummary } from './importOptions.js';
import { isRejected, type Entry, type ParsedRecord, type RejectedRecord } from './parsedRecord.js';
import { StreamError } from './rejections.js';
import { Spool } from './spool.js';
import { readTombstone, writeTombstones, type TombstoneEntry } from './tombstones.js';

/**
 * Imports records.
 *
 * @throws StreamError for rejected records, unless `keepGoing`
 */
export async function importRecords(
  database: Database,
  records: AsyncIterable<ParsedRecord[]>,
  options: StreamImportOptions = {},
): Promise<StreamSummary> {
  const { actor = 'import', identity = importIdentity } = options;
  checkAuthor({ identity, actor });
  const run = new Run(database, options);
  try {
    for await (const some of records) {
      for (const parsed of some) await run.take(parsed);
    }
    return await run.finish();
  } finally {
    await run.dispose();
  }
}

// Private:

/** The size of a batch, which is one transaction: fewer round trips against less memory. */
const maxRecords = 1000;
/** For a database with a single connection, which a batch occupies for about 0.1 s. */
const maxRecordsShared = 25;
const maxCharacters = 2_000_000;

/** The number of batches in progress: while PostgreSQL writes one, the next is checked. */
const lanes = 2;

class Run {
  readonly #database: Database;
  readonly #maxRecords: number;
  readonly #options: StreamImportOptions;
  readonly #writer: BatchWriter;
  readonly #provenance: Provenance;
  #waiting = new Spool<Entry>();
  #tombstones: TombstoneEntry[] = [];
  #batch: Entry[] = [];
  #rejected: RejectedRecord[] = [];
  #characters = 0;
  /** The source of the last record. */
  #source: string | undefined;
  readonly #writing = new Set<Promise<void>>();

  constructor(database: Database, options: StreamImportOptions) {
    this.#database = database;
    this.#maxRecords = database.sharesSession ? maxRecordsShared : maxRecords;
    this.#options = options;
    const trusted = new Set((options.trustSchemes ?? []).map(schemeName));
    this.#provenance = { source: options.source, trusted };
    this.#writer = new BatchWriter(database, options, trusted);
  }

  /** Adds a record, and starts to write when the batch is full. */
  async take(parsed: ParsedRecord): Promise<void> {
    const tombstone = readTombstone(parsed);
    if (tombstone && 'tombstone' in tombstone) {
      this.#tombstones.push(tombstone);
      if (this.#tombstones.length >= maxRecords) await this.#flush();
      return;
    }
    const entry = tombstone ?? readEntry(parsed, this.#provenance);
    if (isRejected(entry)) this.#rejected.push(entry);
    else {
      // Sources may describe the same record: the second has to see what the first wrote.
      if (this.#source !== undefined && this.#source !== entry.source) {
        await this.#flush();
        await Promise.all(this.#writing);
      }
      this.#source = entry.source;
      this.#batch.push(entry);
      this.#noteSource(entry);
    }
    this.#characters += sizeOf(entry);
    if (
      this.#batch.length + this.#rejected.length >= this.#maxRecords ||
      this.#characters >= maxCharacters
    ) {
      await this.#flush();
    }
  }

  async finish(): Promise<StreamSummary> {
    await this.#flush();
    await Promise.all(this.#writing);
    await this.#writeWaiting();
    if (this.#writer.written > 0) {
      await rankEntities(this.#database.db);
      await this.#database.db.execute(sql`analyze`);
    }
    return this.#writer.summary;
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#writing);
    await this.#waiting.dispose();
  }

  // Private:

  /** Starts to write the batch in the background. */
  async #flush(): Promise<void> {
    await this.#writeTombstones();
    const [batch, rejected] = [this.#batch, this.#rejected];
    [this.#batch, this.#rejected, this.#characters] = [[], [], 0];
    while (this.#writing.size >= lanes) await Promise.race(this.#writing);
    const earlier = [...this.#writing];
    const writing = this.#writeBeside(earlier, batch, rejected);
    this.#writing.add(writing);
    // A failed write stays in the set, so that the next flush or the end fails with it.
    writing.then(
      () => this.#writing.delete(writing),
      () => {},
    );
  }

  /** Written before the records that follow, which may be the erased ones. */
  async #writeTombstones(): Promise<void> {
    if (this.#tombstones.length === 0) return;
    const entries = this.#tombstones;
    this.#tombstones = [];
    await Promise.all(this.#writing);
    const rejections = await this.#database.db.transaction(async (tx) => {
      await lockWriting(tx);
      const rejected = await writeTombstones(tx, entries);
      if (rejected.length > 0 && !this.#options.keepGoing) throw new StreamError(rejected);
      return rejected;
    });
    this.#writer.reject(rejections);
    this.#writer.summary.tombstones += entries.length - rejections.length;
  }

  /** Retries waiting records in rounds, as long as a round writes some; then for the last time. */
  async #writeWaiting(): Promise<void> {
    for (let isLast = false; this.#waiting.size > 0;) {
      const waiting = this.#waiting;
      const before = this.#writer.done;
      this.#waiting = new Spool();
      try {
        let batch: Entry[] = [];
        for await (const entry of waiting.items()) {
          batch.push(entry);
          if (batch.length < this.#maxRecords) continue;
          await this.#waiting.add(await this.#writer.write(batch, [], isLast));
          batch = [];
        }
        await this.#waiting.add(await this.#writer.write(batch, [], isLast));
      } finally {
        await waiting.dispose();
      }
      isLast = this.#writer.done === before;
    }
  }

  /** Retries waiting records once the earlier batches, which may contain their links, are written. */
  async #writeBeside(
    earlier: Promise<void>[],
    batch: Entry[],
    rejected: RejectedRecord[],
  ): Promise<void> {
    const waiting = await this.#writer.write(batch, rejected, false);
    if (waiting.length === 0) return;
    await Promise.all(earlier);
    const left = earlier.length > 0 ? await this.#writer.write(waiting, [], false) : waiting;
    await this.#waiting.add(left);
  }

  /** Reports warnings, and notes the source of identifiers that are unique only within it. */
  #noteSource({ origin, source, record, warnings = [] }: Entry): void {
    for (const message of warnings) this.#options.onWarning?.({ origin, message });
    if (record['slug'] !== undefined || this.#writer.summary.sources.includes(source)) return;
    const isLocal = identifiersIn(record['identifiers']).some((each) => each.source === source);
    if (isLocal) this.#writer.summary.sources.push(source);
  }
}

/** The approximate size of a record in characters. */
function sizeOf(entry: Entry | RejectedRecord): number {
  if (isRejected(entry)) return 100;
  const { body } = entry.record;
  return typeof body === 'string' ? body.length : 500;
}
